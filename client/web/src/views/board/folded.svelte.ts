/** What somebody has collapsed on one board, columns or lanes, kept in their browser. */

import { SvelteSet } from 'svelte/reactivity'
import { keep, kept } from '../kept'

export class Folded {
  readonly #user: string
  readonly #name: string
  readonly #folded: SvelteSet<string>

  constructor(user: string, name: string) {
    this.#user = user
    this.#name = name
    this.#folded = new SvelteSet(kept(user, this.#name).split(' ').filter(Boolean))
  }

  has(id: string): boolean {
    return this.#folded.has(id)
  }

  toggle(id: string): void {
    if (!this.#folded.delete(id)) this.#folded.add(id)
    keep(this.#user, this.#name, [...this.#folded].join(' '))
  }
}
