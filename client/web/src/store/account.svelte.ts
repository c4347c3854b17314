/** Who is signed in, for views, and what this browser keeps for them. */

import type { Http, ProjectSummary, SignedIn } from '../api/http'
import { Problem } from '../api/problem'
import { NO_SHELF, type Shelf } from '../sync/shelf'
import { visit } from './visit'

export class Account {
  readonly #http: Http
  readonly #shelfOf: (user: string) => Shelf
  #user = $state.raw<SignedIn | null | undefined>(undefined)
  #unsent = $state.raw(0)
  #shelf: Shelf = NO_SHELF

  constructor(http: Http, shelfOf: (user: string) => Shelf) {
    this.#http = http
    this.#shelfOf = shelfOf
  }

  /** Undefined until `restore` has asked, null when nobody is signed in. */
  get user(): SignedIn | null | undefined {
    return this.#user
  }

  /** What this browser keeps for the user. */
  get shelf(): Shelf {
    return this.#shelf
  }

  /** The projects whose boards this browser has kept, the latest first: what can be opened without a network. */
  async kept(): Promise<readonly ProjectSummary[]> {
    const boards = await this.#shelf.boards()
    return boards.map(({ project, seq, members }) => {
      const role = members.find(({ id }) => id === this.#user?.id)?.role ?? 'viewer'
      return { ...project, role, seq, deleted_at: null }
    })
  }

  /** More than 0 after `logout` when so many edits would be lost: `leave` or `stay`. */
  get unsent(): number {
    return this.#unsent
  }

  /**
   * Takes up the sign-in of an earlier visit: at once where this browser knows it, then as the server says. Throws
   * Problem when the server cannot be reached and nobody is known here.
   */
  async restore(): Promise<void> {
    const known = visit.left() ? null : visit.user()
    if (known) this.#enter(known)
    try {
      if (visit.left()) await this.#tellLeft()
      const user = await this.#http.restore()
      if (user) this.#enter(user)
      else this.ended()
    } catch (wrong) {
      if (!known || !(wrong instanceof Problem)) throw wrong
    }
  }

  /** Throws Problem, see Http. */
  async register(email: string, name: string, password: string, invitation?: string): Promise<void> {
    this.#enter(await this.#http.register(email, name, password, invitation))
  }

  /** Throws Problem, see Http. */
  async login(email: string, password: string, code?: string): Promise<void> {
    this.#enter(await this.#http.login(email, password, code))
  }

  /** They are as the server tells it now: a name, an address or a picture is another. Throws Problem. */
  async refresh(): Promise<void> {
    this.#enter(await this.#http.me())
  }

  /** Signs out, unless edits would be lost by that: then `unsent` says so. */
  async logout(): Promise<void> {
    this.#unsent = await this.#shelf.unsent()
    if (this.#unsent === 0) await this.leave()
  }

  stay(): void {
    this.#unsent = 0
  }

  /** Signs out. Nothing of the user stays in this browser. */
  async leave(): Promise<void> {
    const shelf = this.#shelf
    this.#exit(false)
    await shelf.forget()
    await this.#tellLeft().catch(() => {}) // `restore` tells it again
  }

  /** The server has ended the sign-in. What was not sent waits for the user to come back. */
  ended(): void {
    const shelf = this.#shelf
    this.#exit(true)
    void shelf.forgetBoards()
  }

  async #tellLeft(): Promise<void> {
    await this.#http.logout()
    visit.leave(true)
  }

  #enter(user: SignedIn): void {
    visit.enter(user)
    if (this.#user?.id !== user.id) this.#shelf = this.#shelfOf(user.id)
    this.#user = user
  }

  #exit(told: boolean): void {
    visit.leave(told)
    this.#unsent = 0
    this.#user = null
    this.#shelf = NO_SHELF
  }
}
