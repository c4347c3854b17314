/**
 * The view and the filter of an open board: read from the address, kept in this browser for each person and board.
 * Not here: what passes a filter (filter.ts) and how it is chosen (FilterBar).
 */

import type { Command } from '../../protocol/generated'
import type { Records } from '../../store/types'
import { t } from '../../strings'
import { clock } from '../parts/dates.svelte'
import { say } from '../parts/toasts.svelte'
import { query, setQuery, VIEWS, type View } from '../router.svelte'
import { EVERYTHING, fromQuery, isActive, matcher, withFilter, type Filter } from './filter'
import { keep } from '../kept'

const TOPIC = 'hidden'

export class Filtering {
  readonly #store: Records
  readonly #keep: (query: string) => void
  /** What was given for each column last. */
  readonly #given = new Map<string, readonly string[]>()

  readonly view: View = $derived(VIEWS.find((view) => view === query().get('view')) ?? 'board')
  readonly filter: Filter = $derived(fromQuery(query()))
  readonly active: boolean = $derived(isActive(this.filter))
  readonly #passes = $derived(
    matcher(this.filter, {
      now: clock,
      depends: (task) => this.#store.dependenciesOf(task).length + this.#store.dependentsOf(task).length > 0,
    }),
  )
  /** How many cards of the board it hides. */
  readonly hidden: number = $derived.by(() => {
    if (!this.active) return 0
    return this.#store.columns.reduce((sum, { id }) => sum + this.#store.taskIds(id).length - this.idsOf(id).length, 0)
  })

  constructor(store: Records, project: string, user: string) {
    this.#store = store
    this.#keep = (query) => keep(user, project, query)
  }

  /** A column's cards that pass, in their order: a new array only when one came, went or moved. Read it in a `$derived`. */
  idsOf(column: string): readonly string[] {
    if (!this.active) return this.#store.taskIds(column)
    const ids = this.#store.taskIds(column).filter((id) => this.shows(id))
    const given = this.#given.get(column)
    if (given?.length === ids.length && given.every((id, at) => id === ids[at])) return given
    this.#given.set(column, ids)
    return ids
  }

  /** Whether a card is among what is shown. */
  shows(id: string): boolean {
    const task = this.#store.task(id)
    return task !== undefined && this.#passes(task)
  }

  set(part: Partial<Filter>): void {
    this.#ask(withFilter(query(), { ...this.filter, ...part }))
  }

  /** What else the address says of a view, by name; empty for what goes without saying. Another view is a step in the history. */
  look(named: Readonly<Record<string, string>>): void {
    const next = new URLSearchParams(query())
    for (const [name, value] of Object.entries(named))
      if (value && !(name === 'view' && value === 'board')) next.set(name, value)
      else next.delete(name)
    this.#ask(next, { push: 'view' in named })
  }

  clear(): void {
    this.set(EVERYTHING)
  }

  /** Says so when cards that were just made are not to be seen. */
  tellHidden(commands: readonly Command[]): void {
    const made = commands.filter((command) => command.type === 'create_task')
    const hidden = made.filter(({ id }) => this.#store.task(id) && !this.shows(id)).length
    if (hidden === 0) return
    say(t.views.filter.newHidden(hidden), {
      topic: TOPIC,
      action: { label: t.views.filter.showAll, run: () => this.clear() },
    })
  }

  #ask(next: URLSearchParams, step?: { push: boolean }): void {
    setQuery(next, step)
    this.#keep(next.toString())
  }
}
