/**
 * The filter of an open board: read from the address, used by every view, kept in this browser for each person and board.
 * Not here: what passes a filter (filter.ts) and how it is chosen (FilterBar).
 */

import type { Command } from '../../protocol/generated'
import type { Records } from '../../store/types'
import { t } from '../../strings'
import { clock } from '../parts/dates.svelte'
import { say } from '../parts/toasts.svelte'
import { query, setQuery } from '../router.svelte'
import { EVERYTHING, fromQuery, isActive, matcher, withFilter, type Filter } from './filter'
import { keep } from '../kept'

const TOPIC = 'hidden'

export class Filtering {
  readonly #store: Records
  readonly #keep: (query: string) => void
  readonly #columns = new Map<string, Shown>()

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

  /** A column's cards that pass, in their order: a new array only when one came, went or moved. */
  idsOf(column: string): readonly string[] {
    if (!this.active) return this.#store.taskIds(column)
    let shown = this.#columns.get(column)
    if (!shown) this.#columns.set(column, (shown = new Shown(() => this.#pick(column))))
    return shown.ids
  }

  /** Whether a card is among what is shown. */
  shows(id: string): boolean {
    const task = this.#store.task(id)
    return task !== undefined && this.#passes(task)
  }

  set(part: Partial<Filter>): void {
    const next = withFilter(query(), { ...this.filter, ...part })
    setQuery(next)
    this.#keep(next.toString())
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

  #pick(column: string): readonly string[] {
    return this.#store.taskIds(column).filter((id) => this.shows(id))
  }
}

/** What is shown of one column: looked at again only when the filter, or a card of this column, has changed. */
class Shown {
  readonly #pick: () => readonly string[]
  #last: readonly string[] = []

  readonly ids: readonly string[] = $derived.by(() => {
    const now = this.#pick()
    const same = now.length === this.#last.length && now.every((id, at) => id === this.#last[at])
    return same ? this.#last : (this.#last = now)
  })

  constructor(pick: () => readonly string[]) {
    this.#pick = pick
  }
}
