/**
 * When a board's facts are put on the shelf: a moment after they have changed, and when the page may be about to go.
 * Writing a whole board costs by its size, so a large one is written the more rarely. Not here: how (shelf.ts).
 */

import type { Replica } from './replica'
import type { Shelf } from './shelf'

const PAUSE_MS = 1_000
/** Of the time, no more than one part in so many goes into writing. */
const SHARE = 100

export class Keeping {
  readonly #replica: Replica
  readonly #shelf: Shelf
  #kept = ''
  #pause = PAUSE_MS
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(replica: Replica, shelf: Shelf) {
    this.#replica = replica
    this.#shelf = shelf
  }

  /** The facts may be others: they are kept soon. */
  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), this.#pause)
  }

  now(): void {
    this.stop()
    const { seq, epoch } = this.#replica
    const version = `${epoch} ${seq}`
    if (seq < 0 || version === this.#kept) return
    const begun = performance.now()
    this.#shelf.keep(this.#replica.facts())
    this.#pause = Math.max(PAUSE_MS, (performance.now() - begun) * SHARE)
    this.#kept = version
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
