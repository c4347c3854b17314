/** Cards over the days of a week: those of several days as bars, each in a row of its own, the others where there is room. Pure. */

import type { Task } from '../../protocol/generated'
import { dayOf, startOf } from '../parts/dates.svelte'

/** The days that a card stands on, in the viewer's zone. */
export interface Stretch {
  readonly task: Task
  readonly from: string
  readonly to: string
}

/** A card on one of its days. */
export interface Piece extends Stretch {
  readonly day: string
  /** The first of its days that is shown in this week, where it says what it is. */
  readonly told: boolean
  /** For how many days of this week it goes on, this one included. */
  readonly days: number
}

/** One row of a day; null where a bar of other days passes. */
export type Slot = Piece | null

/** From its start until it is due; only when it is due where it has no start, or one after that. Null without a due date. */
export function stretchOf(task: Task): Stretch | null {
  if (task.due_at === null) return null
  const to = dayOf(startOf(task.due_at))
  const start = task.start_at === null ? to : dayOf(startOf(task.start_at))
  return { task, from: start < to ? start : to, to }
}

/**
 * What stands on each day of a week, from top to bottom: bars keep their row from day to day. With `fill` cards of one
 * day take the rows that are free between them, else they come below.
 */
export function slotsOf(
  stretches: readonly Stretch[],
  week: readonly string[],
  { fill }: { readonly fill: boolean },
): ReadonlyMap<string, readonly Slot[]> {
  const [first, last] = [week[0]!, week.at(-1)!]
  const here = stretches.filter(({ from, to }) => from <= last && to >= first)
  const days = new Map(week.map((day) => [day, [] as Slot[]]))
  for (const bar of here.filter(({ from, to }) => from < to).toSorted(byLength)) {
    const on = week.filter((day) => day >= bar.from && day <= bar.to)
    const row = rowFor(on.map((day) => days.get(day)!))
    on.forEach((day, at) => set(days.get(day)!, row, { ...bar, day, told: at === 0, days: on.length - at }))
  }
  for (const single of here.filter(({ from, to }) => from === to).toSorted(byTime)) {
    const slots = days.get(single.to)!
    const free = fill ? slots.indexOf(null) : -1
    set(slots, free < 0 ? slots.length : free, { ...single, day: single.to, told: true, days: 1 })
  }
  return days
}

/** The first row that is free on all of these days. */
function rowFor(days: readonly Slot[][]): number {
  let row = 0
  while (days.some((slots) => slots[row])) row += 1
  return row
}

function set(slots: Slot[], row: number, piece: Piece): void {
  while (slots.length < row) slots.push(null)
  slots[row] = piece
}

/** What begins first stands above, of those that begin together the longest. */
function byLength(a: Stretch, b: Stretch): number {
  return compare(a.from, b.from) || compare(b.to, a.to) || byTime(a, b)
}

/** Whole days before hours. */
function byTime(a: Stretch, b: Stretch): number {
  return compare(a.task.due_at!, b.task.due_at!)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
