/**
 * The access token: kept in memory only, renewed before it expires, by one request at a time in all tabs of this
 * browser.
 */

export interface Grant {
  readonly access_token: string
  /** Seconds from now. */
  readonly expires_in: number
}

/** A token this close to its end is renewed before it is used, in milliseconds. */
const MARGIN_MS = 30_000

export class Tokens {
  #value = ''
  #usableUntil = 0
  #renewal: Promise<string> | null = null

  readonly #refresh: () => Promise<Grant>

  constructor(refresh: () => Promise<Grant>) {
    this.#refresh = refresh
  }

  keep(grant: Grant): void {
    this.#value = grant.access_token
    this.#usableUntil = Date.now() + grant.expires_in * 1000 - MARGIN_MS
  }

  forget(): void {
    this.#value = ''
    this.#usableUntil = 0
  }

  async current(): Promise<string> {
    return Date.now() < this.#usableUntil ? this.#value : this.renew()
  }

  renew(): Promise<string> {
    this.#renewal ??= this.#renewed().finally(() => (this.#renewal = null))
    return this.#renewal
  }

  async #renewed(): Promise<string> {
    this.forget()
    this.keep(await inTurn(this.#refresh))
    return this.#value
  }
}

/**
 * Refresh tokens rotate, and using a spent one looks like theft: tabs that share the cookie must not renew at the same
 * moment.
 */
function inTurn(refresh: () => Promise<Grant>): Promise<Grant> {
  const locks = globalThis.navigator?.locks
  return locks ? locks.request('lockstep-refresh', refresh) : refresh()
}
