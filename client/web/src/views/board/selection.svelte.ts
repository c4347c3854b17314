/** The cards that are chosen together. What is no longer shown is not chosen either. */

import { SvelteSet } from 'svelte/reactivity'

/** What stands on the board, as it is shown. */
export interface Shown {
  readonly columns: () => readonly string[]
  readonly idsOf: (column: string) => readonly string[]
}

export class Selection {
  readonly #shown: Shown
  readonly #chosen = new SvelteSet<string>()
  /** Where a range begins. */
  #from: string | null = null

  /** In their order on the board. */
  readonly ids: readonly string[] = $derived.by(() => {
    if (this.#chosen.size === 0) return NONE
    return this.#shown.columns().flatMap((column) => this.#shown.idsOf(column).filter((id) => this.#chosen.has(id)))
  })

  constructor(shown: Shown) {
    this.#shown = shown
  }

  get any(): boolean {
    return this.ids.length > 0
  }

  has(task: string): boolean {
    return this.#chosen.has(task)
  }

  toggle(task: string): void {
    if (!this.#chosen.delete(task)) this.#chosen.add(task)
    this.#from = task
  }

  /** From where the last choice was made up to this one, if that is among the same cards: those of a column, or of a cell of it. */
  extend(task: string, ids: readonly string[]): void {
    const ends = [ids.indexOf(this.#from ?? task), ids.indexOf(task)]
    const [first, last] = [Math.min(...ends), Math.max(...ends)] as const
    for (const id of first < 0 ? [task] : ids.slice(first, last + 1)) this.#chosen.add(id)
    if (first < 0 || this.#from === null) this.#from = task
  }

  clear(): void {
    this.#chosen.clear()
    this.#from = null
  }
}

const NONE: readonly string[] = []
