/**
 * Sends what waits of projects that nobody looks at: of a board that was left while offline, or in a tab that has ended.
 * Each is followed until nothing waits any more.
 */

import type { Rejection } from './outcome'
import type { SessionSync } from './session'
import type { Shelf } from './shelf'

/** Refusals kept for one project until somebody looks. */
const MISSED_MAX = 100

export class Errands {
  readonly #session: SessionSync
  readonly #shelf: Shelf
  readonly #missed = new Map<string, Rejection[]>()
  #stopped = false

  constructor(session: SessionSync, shelf: Shelf) {
    this.#session = session
    this.#shelf = shelf
  }

  async run(): Promise<void> {
    for (const id of await this.#shelf.waiting()) if (!this.#stopped && !this.#session.follows(id)) this.#go(id)
  }

  /** What was refused of a project meanwhile; it is given once. */
  missed(id: string): readonly Rejection[] {
    const missed = this.#missed.get(id) ?? []
    this.#missed.delete(id)
    return missed
  }

  stop(): void {
    this.#stopped = true
  }

  #go(id: string): void {
    const project = this.#session.follow(id, {
      touched() {},
      changed() {},
      presence() {},
      rejected: (rejection) => this.#keep(id, rejection),
      status: () => done(),
    })
    let known = false
    let over = false
    const done = () => {
      if (over || !known || project.waiting > 0) return
      over = true
      queueMicrotask(() => this.#session.leave(project))
    }
    void this.#session.begin(project).then(() => {
      known = true
      done()
    })
  }

  #keep(id: string, rejection: Rejection): void {
    this.#missed.set(id, [...(this.#missed.get(id) ?? []), rejection].slice(-MISSED_MAX))
  }
}
