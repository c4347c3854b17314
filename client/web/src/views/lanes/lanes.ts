/**
 * Lanes across a board: by whom a card is done, how urgent it is, or what it is about. In which it stands, what taking
 * it into another changes, and which cards of a long cell are drawn. Pure.
 */

import type { CreateTask, Task, UpdateTask } from '../../protocol/generated'
import type { Gap } from '../board/rows'
import { NONE } from '../filter/filter'
import { PRIORITY_VALUES, priorityName, type PriorityName } from '../parts/priority'

/** What a board can be grouped by, as facets of the filter, and their names in the address. */
const NAMES = { people: 'person', priorities: 'priority', labels: 'label' } as const

export type Grouped = keyof typeof NAMES

export const GROUPED = Object.keys(NAMES) as readonly Grouped[]

/** So many cards of a cell are drawn at first, and so many more with each wish for more. */
export const DRAWN_FIRST = 12
export const DRAWN_MORE = 24

/** Where a card stands: a column, and a lane where the board has lanes. */
export interface Spot {
  readonly column: string
  readonly lane: string | null
}

/** Whether an id still names something: what is deleted makes no lane. */
export type Known = (id: string) => boolean

export function groupedFrom(text: string | null): Grouped | null {
  return GROUPED.find((by) => NAMES[by] === text) ?? null
}

export function groupedText(by: Grouped | null): string {
  return by === null ? '' : NAMES[by]
}

export function keyOf({ lane, column }: Spot): string {
  return lane === null ? column : `${lane} ${column}`
}

/** The lanes that a card stands in: each of its labels or people, or NONE. */
export function lanesOf(task: Task, by: Grouped, known: Known): readonly string[] {
  if (by === 'priorities') return [priorityName(task.priority)]
  const ids = idsIn(task, by, known)
  return ids.length > 0 ? ids : [NONE]
}

/** What a card that is made in a lane has for it. */
export function givenBy(by: Grouped, lane: string): Partial<CreateTask> {
  if (by === 'priorities') return { priority: PRIORITY_VALUES[lane as PriorityName] }
  if (lane === NONE) return {}
  return by === 'labels' ? { label_ids: [lane] } : { assignee_ids: [lane] }
}

type Edit = Pick<UpdateTask, 'priority' | 'labels' | 'assignees'>

/**
 * What takes a card from one lane into another, exactly that: null when it stands there. A card that does not stand in
 * the lane it is taken from leaves the first it stands in.
 */
export function intoLane(task: Task, by: Grouped, from: string | null, to: string, known: Known): Edit | null {
  if (from === to || lanesOf(task, by, known).includes(to)) return leaving(task, by, from, to, known)
  if (by === 'priorities') return { priority: PRIORITY_VALUES[to as PriorityName] }
  const ids = idsIn(task, by, known)
  if (to === NONE) return edited(by, [], ids)
  const left = ids.find((id) => id === from) ?? ids[0]
  return edited(by, [to], left === undefined ? [] : [left])
}

/** It stands in both: the one it is taken from is left. */
function leaving(task: Task, by: Grouped, from: string | null, to: string, known: Known): Edit | null {
  if (by === 'priorities' || from === null || from === to) return null
  const left = idsIn(task, by, known).filter((id) => id === from)
  return left.length > 0 ? edited(by, [], left) : null
}

function edited(by: 'labels' | 'people', add: readonly string[], remove: readonly string[]): Edit {
  const edit = { ...(add.length > 0 && { add }), ...(remove.length > 0 && { remove }) }
  return by === 'labels' ? { labels: edit } : { assignees: edit }
}

function idsIn(task: Task, by: 'labels' | 'people', known: Known): readonly string[] {
  return (by === 'labels' ? task.label_ids : task.assignee_ids).filter(known)
}

/** A column's cards by lane, in their order. What is as it was `before` stays the same array. */
export function grouped(
  ids: readonly string[],
  lanes: (id: string) => readonly string[],
  before: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const cells = new Map<string, string[]>()
  for (const id of ids)
    for (const lane of lanes(id)) {
      const cell = cells.get(lane)
      if (cell) cell.push(id)
      else cells.set(lane, [id])
    }
  return new Map([...cells].map(([lane, cell]) => [lane, same(before.get(lane), cell) ?? cell]))
}

function same(before: readonly string[] | undefined, now: readonly string[]): readonly string[] | undefined {
  return before?.length === now.length && before.every((id, at) => id === now[at]) ? before : undefined
}

/** A card that is drawn, or so many that are not. */
export type CellRow =
  { readonly key: string; readonly id: string; readonly at: number } | { readonly key: string; readonly more: number }

/** The first `most` cards of a cell and those that are pinned, with the number of the others where they stand. */
export function cellRows(ids: readonly string[], most: number, pinned: ReadonlySet<string>): readonly CellRow[] {
  const rows: CellRow[] = []
  let left = 0
  const count = () => {
    if (left > 0) rows.push({ key: `more ${rows.length}`, more: left })
    left = 0
  }
  ids.forEach((id, at) => {
    if (at >= most && !pinned.has(id)) {
      left += 1
      return
    }
    count()
    rows.push({ key: id, id, at })
  })
  count()
  return rows
}

/** The rows with a gap before the card that has index `at` among those that are not lifted. */
export function withGap(
  rows: readonly CellRow[],
  at: number | null,
  lifted: (id: string) => boolean,
): readonly (CellRow | Gap)[] {
  if (at === null) return rows
  let others = 0
  let where = rows.length
  for (const [index, row] of rows.entries()) {
    if ('id' in row && lifted(row.id)) continue
    if (others >= at) {
      where = index
      break
    }
    others += 'more' in row ? row.more : 1
  }
  return [...rows.slice(0, where), { key: 'gap', gap: true }, ...rows.slice(where)]
}
