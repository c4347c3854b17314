/** The columns that somebody has collapsed, of one board, kept in their browser. */

import { SvelteSet } from 'svelte/reactivity'
import { keep, kept } from '../kept'

export class Folded {
  readonly #user: string
  readonly #name: string
  readonly #columns: SvelteSet<string>

  constructor(user: string, project: string) {
    this.#user = user
    this.#name = `folded ${project}`
    this.#columns = new SvelteSet(kept(user, this.#name).split(' ').filter(Boolean))
  }

  has(column: string): boolean {
    return this.#columns.has(column)
  }

  toggle(column: string): void {
    if (!this.#columns.delete(column)) this.#columns.add(column)
    keep(this.#user, this.#name, [...this.#columns].join(' '))
  }
}
