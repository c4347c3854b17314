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

  /** Whether name or description hold all words. */
  matches({ name, description }: Pick<ProjectSummary, 'name' | 'description'>, sought: string): boolean {
    const text = `${name} ${description}`.toLocaleLowerCase()
    const words = sought.toLocaleLowerCase().split(/\s+/).filter(Boolean)
    return words.every((word) => text.includes(word))
  }

  /** Those whose name or description holds all words; starred ones first, else as they come. */
  pick(projects: readonly ProjectSummary[], sought: string): readonly ProjectSummary[] {
    const found = projects.filter((project) => this.matches(project, sought))
    return [...found.filter(({ id }) => this.has(id)), ...found.filter(({ id }) => !this.has(id))]
  }
}
