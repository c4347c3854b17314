/** Who is signed in, for views. */

import type { Http, SignedIn } from '../api/http'

export class Account {
  readonly #http: Http
  #user = $state.raw<SignedIn | null | undefined>(undefined)

  constructor(http: Http) {
    this.#http = http
  }

  /** Undefined until `restore` has asked, null when nobody is signed in. */
  get user(): SignedIn | null | undefined {
    return this.#user
  }

  /** Takes up the sign-in of an earlier visit. Throws Problem when the server cannot be reached. */
  async restore(): Promise<void> {
    this.#user = await this.#http.restore()
  }

  /** Throws Problem, see Http. */
  async register(email: string, name: string, password: string): Promise<void> {
    this.#user = await this.#http.register(email, name, password)
  }

  /** Throws Problem, see Http. */
  async login(email: string, password: string): Promise<void> {
    this.#user = await this.#http.login(email, password)
  }

  async logout(): Promise<void> {
    try {
      await this.#http.logout()
    } finally {
      this.#user = null
    }
  }

  /** The server has ended the sign-in (`session.connection.ended`, or a Problem with status 401). */
  ended(): void {
    this.#user = null
  }
}

export function createAccount(http: Http): Account {
  return new Account(http)
}
