/** The order of a list: by a field, up or down, or as the board has it. Pure. */

import type { Task } from '../../protocol/generated'
import { isWholeDay, startOf } from '../parts/dates.svelte'

export const SORTS = ['number', 'title', 'column', 'priority', 'assignees', 'start', 'due', 'updated'] as const

export type SortField = (typeof SORTS)[number]

export interface Sorting {
  readonly field: SortField
  readonly down: boolean
}

/** What the fields of a task mean on its board. */
export interface Names {
  /** Where its column stands. */
  readonly columnAt: (column: string) => number
  /** Undefined for somebody unknown. */
  readonly person: (member: string) => string | undefined
}

/** From the address: `due`, or `-due` for the other way. Null is the board's own order. */
export function sortingFrom(text: string | null): Sorting | null {
  const down = text?.startsWith('-') ?? false
  const field = SORTS.find((each) => each === text?.slice(down ? 1 : 0))
  return field ? { field, down } : null
}

export function sortingText(sorting: Sorting | null): string {
  return sorting ? `${sorting.down ? '-' : ''}${sorting.field}` : ''
}

/** What another press on a field's head asks for: up, down, then the board's own order. */
export function nextSorting(now: Sorting | null, field: SortField): Sorting | null {
  if (now?.field !== field) return { field, down: false }
  return now.down ? null : { field, down: true }
}

/** The tasks in the order asked for; those without a value come last either way, equals as they came. */
export function sorted(
  tasks: readonly Task[],
  sorting: Sorting | null,
  names: Names,
  language?: string,
): readonly Task[] {
  if (!sorting) return tasks
  const order = new Intl.Collator(language, { numeric: true, sensitivity: 'base' })
  const sign = sorting.down ? -1 : 1
  const keyed = tasks.map((task) => ({ task, key: keyOf(task, sorting.field, names) }))
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null)
    if (typeof a.key === 'string' && typeof b.key === 'string') return sign * order.compare(a.key, b.key)
    return sign * (Number(a.key) - Number(b.key))
  })
  return keyed.map(({ task }) => task)
}

function keyOf(task: Task, field: SortField, names: Names): string | number | null {
  switch (field) {
    case 'number':
      return task.number
    case 'title':
      return task.title
    case 'column':
      return names.columnAt(task.column_id)
    case 'priority':
      return task.priority
    case 'assignees':
      return names.person(task.assignee_ids[0] ?? '') ?? null
    case 'start':
      return orderOf(task.start_at)
    case 'due':
      return orderOf(task.due_at)
    case 'updated':
      return orderOf(task.updated_at)
  }
}

/** A whole day counts as its end. */
function orderOf(when: string | null): number | null {
  if (when === null) return null
  const moment = startOf(when)
  if (isWholeDay(when)) moment.setDate(moment.getDate() + 1)
  return moment.getTime()
}
