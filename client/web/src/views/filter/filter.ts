/** Which cards somebody wants to see: a filter as a value, its text in the address, and what passes it. Pure. */

import type { Task } from '../../protocol/generated'
import { dayOf, isWholeDay, startOf } from '../parts/dates.svelte'
import { PRIORITIES, priorityName, type PriorityName } from '../parts/priority'

/** Stands for cards that have none of a facet: no label, nobody. */
export const NONE = '-'

export const DUES = ['overdue', 'today', 'week', 'none'] as const
export const FACTS = ['description', 'checklist', 'comments', 'dependencies'] as const

export type DueSpan = (typeof DUES)[number]
export type Fact = (typeof FACTS)[number]

/** A card passes when every facet that asks for something finds one of what it asks for; of `has` it must have all. */
export interface Filter {
  readonly text: string
  /** Ids, or NONE; so with `people`. */
  readonly labels: readonly string[]
  readonly people: readonly string[]
  readonly due: readonly DueSpan[]
  readonly priorities: readonly PriorityName[]
  readonly columns: readonly string[]
  readonly has: readonly Fact[]
}

export type Facet = Exclude<keyof Filter, 'text'>

/** Each facet's name in the address. */
const NAMES: Readonly<Record<Facet, string>> = {
  labels: 'label',
  people: 'person',
  due: 'due',
  priorities: 'priority',
  columns: 'column',
  has: 'has',
}

export const FACETS = Object.keys(NAMES) as Facet[]

/** Facets whose values are words of ours; what else an address says is left out. */
const WORDS: Readonly<Partial<Record<Facet, readonly string[]>>> = { due: DUES, priorities: PRIORITIES, has: FACTS }

export const EVERYTHING: Filter = { text: '', labels: [], people: [], due: [], priorities: [], columns: [], has: [] }

export function isActive(filter: Filter): boolean {
  return filter.text.trim() !== '' || FACETS.some((facet) => filter[facet].length > 0)
}

export function fromQuery(query: URLSearchParams): Filter {
  const filter: Record<string, unknown> = { text: query.get('q') ?? '' }
  for (const facet of FACETS) {
    const values = (query.get(NAMES[facet]) ?? '').split(',').filter(Boolean)
    filter[facet] = [...new Set(values)].filter((value) => WORDS[facet]?.includes(value) ?? true)
  }
  return filter as unknown as Filter
}

/** The query with this filter in the place of the one it held. */
export function withFilter(query: URLSearchParams, filter: Filter): URLSearchParams {
  const next = new URLSearchParams(query)
  put(next, 'q', filter.text)
  for (const facet of FACETS) put(next, NAMES[facet], filter[facet].join(','))
  return next
}

export interface Surroundings {
  /** Unix milliseconds. */
  readonly now: () => number
  /** Whether the card waits for others, or others for it. */
  readonly depends: (task: string) => boolean
}

/** What tells of a card whether it passes. */
export function matcher(filter: Filter, around: Surroundings): (task: Task) => boolean {
  const tests: ((task: Task) => boolean)[] = []
  const { labels, people, due, priorities, columns, has } = filter
  const words = fold(filter.text).split(/\s+/).filter(Boolean)
  if (words.length > 0) tests.push((task) => hasWords(task, words))
  if (labels.length > 0) tests.push((task) => hasAny(task.label_ids, labels))
  if (people.length > 0) tests.push((task) => hasAny(task.assignee_ids, people))
  if (due.length > 0) {
    const spans = spansAt(around.now())
    tests.push((task) => due.some((span) => spans[span](task)))
  }
  if (priorities.length > 0) tests.push((task) => priorities.includes(priorityName(task.priority)))
  if (columns.length > 0) tests.push((task) => columns.includes(task.column_id))
  for (const fact of has) tests.push((task) => hasFact(task, fact, around))
  return (task) => tests.every((test) => test(task))
}

/** A text as it is compared: without case and accents. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
}

function put(query: URLSearchParams, name: string, value: string): void {
  if (value) query.set(name, value)
  else query.delete(name)
}

function hasWords(task: Task, words: readonly string[]): boolean {
  const title = fold(task.title)
  return words.every((word) => title.includes(word) || word === `#${task.number}`)
}

function hasAny(ids: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((id) => (id === NONE ? ids.length === 0 : ids.includes(id)))
}

function hasFact(task: Task, fact: Fact, around: Surroundings): boolean {
  if (fact === 'description') return task.has_description
  if (fact === 'checklist') return task.checklist_total > 0
  if (fact === 'comments') return task.comment_count > 0
  return around.depends(task.id)
}

function spansAt(now: number): Readonly<Record<DueSpan, (task: Task) => boolean>> {
  const today = dayOf(new Date(now))
  const end = new Date(now)
  end.setDate(end.getDate() + 7)
  const week = dayOf(end)
  const dayDue = ({ due_at }: Task) => (due_at ? dayOf(startOf(due_at)) : null)
  return {
    overdue: (task) => task.completed_at === null && task.due_at !== null && isPast(task.due_at, now, today),
    today: (task) => dayDue(task) === today,
    week: (task) => {
      const day = dayDue(task)
      return day !== null && day >= today && day < week
    },
    none: (task) => task.due_at === null,
  }
}

function isPast(when: string, now: number, today: string): boolean {
  return isWholeDay(when) ? when < today : startOf(when).getTime() < now
}
