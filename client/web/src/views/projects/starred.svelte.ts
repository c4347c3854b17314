/** The boards that somebody has starred, kept in their browser, and in which order boards are shown. */

import { SvelteSet } from 'svelte/reactivity'
import type { ProjectSummary } from '../../api/http'
import { keep, kept } from '../kept'

const NAME = 'starred'

export class Starred {
  readonly #user: string
  readonly #boards: SvelteSet<string>

  constructor(user: string) {
    this.#user = user
    this.#boards = new SvelteSet(kept(user, NAME).split(' ').filter(Boolean))
  }

  has(project: string): boolean {
    return this.#boards.has(project)
  }

  toggle(project: string): void {
    if (!this.#boards.delete(project)) this.#boards.add(project)
    keep(this.#user, NAME, [...this.#boards].join(' '))
  }

  /** Those whose name or description holds all words; starred ones first, else as they come. */
  pick(projects: readonly ProjectSummary[], sought: string): readonly ProjectSummary[] {
    const words = sought.toLocaleLowerCase().split(/\s+/).filter(Boolean)
    const found = projects.filter(({ name, description }) => {
      const text = `${name} ${description}`.toLocaleLowerCase()
      return words.every((word) => text.includes(word))
    })
    return [...found.filter(({ id }) => this.has(id)), ...found.filter(({ id }) => !this.has(id))]
  }
}
