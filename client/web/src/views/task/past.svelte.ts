/** A card's past out of its board's log: read page by page backwards, and what happens meanwhile. Not here: its words (deeds.ts). */

import { Problem } from '../../api/problem'
import type { Change } from '../../protocol/generated'
import type { Board } from '../../store/types'

/** Changes of the board asked for at once. */
export const PAGE = 500
/** Pages read in one go while they say nothing of the card. */
const PAGES_MAX = 4

type LogBoard = Pick<Board, 'changes' | 'seq'>
type About = (change: Change) => boolean

export class Past {
  readonly #board: LogBoard
  readonly #isAbout: About
  readonly #isFirst: About
  /** Changes up to this one are not read yet. */
  #unread: number
  #changes = $state.raw<readonly Change[]>([])
  #state = $state.raw<'reading' | 'more' | 'whole' | 'failed'>('more')

  /** `isFirst` tells the change before which there is nothing. */
  constructor(board: LogBoard, isAbout: About, isFirst: About) {
    this.#board = board
    this.#isAbout = isAbout
    this.#isFirst = isFirst
    this.#unread = board.seq
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
    if (this.#isAbout(change)) this.#changes = [...this.#changes, change]
  }

  /** Reads on until something is found. */
  async older(): Promise<void> {
    if (this.#state === 'reading' || this.#state === 'whole') return
    this.#state = 'reading'
    try {
      for (let page = 0; page < PAGES_MAX && !(await this.#page()); page++);
      this.#state = this.#unread === 0 ? 'whole' : 'more'
    } catch (wrong) {
      if (!(wrong instanceof Problem)) throw wrong
      // What the log does not hold any more can not be told.
      this.#state = wrong.code === 'resync' ? 'whole' : 'failed'
    }
  }

  async #page(): Promise<boolean> {
    const upTo = this.#unread
    const from = Math.max(0, upTo - PAGE)
    const found: Change[] = []
    for (let at = from; at < upTo;) {
      const changes = await this.#board.changes(at, upTo - at)
      if (changes.length === 0) break
      found.push(...changes.filter(this.#isAbout))
      at = changes.at(-1)!.seq
    }
    this.#changes = [...found, ...this.#changes]
    this.#unread = found.some(this.#isFirst) ? 0 : from
    return found.length > 0 || this.#unread === 0
  }
}
