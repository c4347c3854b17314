/**
 * How long to wait before the next attempt: full jitter, so that a crowd that was cut off together does not come back
 * together.
 */

const BASE_MS = 500
const CAP_MS = 30_000
/** A connection that held this long was a good one. */
export const STABLE_MS = 10_000

export class Backoff {
  readonly #random: () => number
  #attempts = 0

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  get attempts(): number {
    return this.#attempts
  }

  /** Milliseconds until the next attempt, at least `floor`. */
  next(floor = 0): number {
    const most = Math.min(CAP_MS, BASE_MS * 2 ** this.#attempts)
    this.#attempts++
    return floor + this.#random() * most
  }

  /** A moment within `within` milliseconds, for a step that is no attempt. */
  spread(within: number): number {
    return this.#random() * within
  }

  /** An attempt that need not wait for its turn, but not all at the same moment: within `within` milliseconds. */
  soon(within: number): number {
    this.#attempts++
    return this.spread(within)
  }

  /** As `next`, but the first attempt is made at once. */
  hurry(): number {
    const wait = this.next()
    return this.#attempts === 1 ? 0 : wait
  }

  reset(): void {
    this.#attempts = 0
  }
}

/** One step that waits for its turn; a later one takes its place. */
export class Postponed {
  readonly #backoff: Backoff
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(random?: () => number) {
    this.#backoff = new Backoff(random)
  }

  /** Runs `work` after the next wait, at least `floor` milliseconds. */
  soon(work: () => void, floor = 0): void {
    this.#in(this.#backoff.next(floor), work)
  }

  /** As `soon`, but the first time at once. */
  hurry(work: () => void): void {
    const wait = this.#backoff.hurry()
    if (wait === 0) work()
    else this.#in(wait, work)
  }

  /** All is well: the next wait is a short one. */
  reset(): void {
    this.#backoff.reset()
  }

  cancel(): void {
    clearTimeout(this.#timer)
  }

  #in(ms: number, work: () => void): void {
    this.cancel()
    this.#timer = setTimeout(work, ms)
  }
}
