/** Who is here: the list as the server tells it, and what it is told of us. */

import type { PresenceMessage, PresentSession } from '../protocol/generated'

/** The protocol allows ten a second. */
const PAUSE_MS = 110

export class Presence {
  readonly #send: (state: Record<string, unknown>) => void
  #sessions = new Map<string, PresentSession>()
  #mine: Record<string, unknown> | null = null
  #open = false
  #pause: ReturnType<typeof setTimeout> | undefined
  #unsent = false

  constructor(send: (state: Record<string, unknown>) => void) {
    this.#send = send
  }

  /** All but `self`, by session id: the order in which they came. */
  others(self: string | null): readonly PresentSession[] {
    return [...this.#sessions.values()]
      .filter(({ session }) => session !== self)
      .sort((a, b) => (a.session < b.session ? -1 : 1))
  }

  receive({ sessions }: PresenceMessage): void {
    for (const each of sessions) {
      if (each.state === null) this.#sessions.delete(each.session)
      else this.#sessions.set(each.session, each)
    }
  }

  /** Replaces what others see of us. The latest wins. */
  set(state: Record<string, unknown>): void {
    this.#mine = state
    this.#unsent = true
    this.#flush()
  }

  /** The project is joined: a new list comes, and the others have forgotten us. */
  open(): void {
    this.#open = true
    this.#sessions.clear()
    this.#unsent = this.#mine !== null
    this.#flush()
  }

  close(): void {
    this.#open = false
    this.#sessions.clear()
    clearTimeout(this.#pause)
    this.#pause = undefined
  }

  #flush(): void {
    if (!this.#open || !this.#unsent || !this.#mine || this.#pause !== undefined) return
    this.#unsent = false
    this.#send(this.#mine)
    this.#pause = setTimeout(() => {
      this.#pause = undefined
      this.#flush()
    }, PAUSE_MS)
  }
}
