/** A card's past: read page by page backwards, and what happens meanwhile. Not here: its words (deeds.ts). */

import type { Activity } from '../../api/http'
import { Problem } from '../../api/problem'
import type { Change } from '../../protocol/generated'

/** Pages read in one go while they say nothing of the card. */
const PAGES_MAX = 4

export class Past {
  readonly #page: (cursor: string | null) => Promise<Activity>
  readonly #isAbout: (change: Change) => boolean
  /** What comes before it is not read yet; null at the latest. */
  #cursor: string | null = null
  #changes = $state.raw<readonly Change[]>([])
  #state = $state.raw<'reading' | 'more' | 'whole' | 'failed'>('more')

  constructor(page: (cursor: string | null) => Promise<Activity>, isAbout: (change: Change) => boolean) {
    this.#page = page
    this.#isAbout = isAbout
  }

  /** Those about the card, the oldest first. */
  get changes(): readonly Change[] {
    return this.#changes
  }

  get state(): 'reading' | 'more' | 'whole' | 'failed' {
    return this.#state
  }

  /** A change has happened. */
  hear(change: Change): void {
    if (this.#isAbout(change)) this.#take([change])
  }

  /** Reads on until something is found. */
  async older(): Promise<void> {
    if (this.#state === 'reading' || this.#state === 'whole') return
    this.#state = 'reading'
    try {
      for (let page = 0; page < PAGES_MAX; page++) {
        const { items, next } = await this.#page(this.#cursor)
        this.#take(items.toReversed())
        this.#cursor = next
        if (next === null) return void (this.#state = 'whole')
        if (items.length > 0) break
      }
      this.#state = 'more'
    } catch (wrong) {
      if (!(wrong instanceof Problem)) throw wrong
      this.#state = 'failed'
    }
  }

  /** What was read and what was heard may overlap. */
  #take(some: readonly Change[]): void {
    const known = new Set(this.#changes.map(({ seq }) => seq))
    const all = [...this.#changes, ...some.filter(({ seq }) => !known.has(seq))]
    this.#changes = all.sort((a, b) => a.seq - b.seq)
  }
}
