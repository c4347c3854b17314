/** The days of a calendar, as `2026-05-12` in the viewer's zone. Pure. */

import { dayOf, isWholeDay, startOf, timeOf, whenOf } from '../parts/dates.svelte'

export const SPANS = ['month', 'week'] as const

export type Span = (typeof SPANS)[number]

/** 0 is Sunday, as with Date. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6

const DAY_MS = 86_400_000
const MONDAY: Weekday = 1

/** The first day of a week where a language is spoken; Monday where that is not known. */
export function firstWeekday(language: string): Weekday {
  const locale = new Intl.Locale(language) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number }
    weekInfo?: { firstDay: number }
  }
  const first = (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? MONDAY
  return (first % 7) as Weekday
}

/** The weeks, whole ones, of the month or the week around a day. */
export function weeksAround(day: string, span: Span, first: Weekday): readonly (readonly string[])[] {
  const around = startOf(day)
  const from = span === 'week' ? around : new Date(around.getFullYear(), around.getMonth(), 1)
  const last = span === 'week' ? day : dayOf(new Date(around.getFullYear(), around.getMonth() + 1, 0))
  const weeks: string[][] = []
  for (let start = weekStart(from, first); start <= last; start = shifted(start, 7))
    weeks.push(Array.from({ length: 7 }, (_, at) => shifted(start, at)))
  return weeks
}

/** So many days later, or earlier. Summer time moves no day. */
export function shifted(day: string, by: number): string {
  const date = startOf(day)
  date.setDate(date.getDate() + by)
  return dayOf(date)
}

/** The same day one span on or back; of a month its last where it has not so many days. */
export function turned(day: string, span: Span, by: 1 | -1): string {
  if (span === 'week') return shifted(day, 7 * by)
  const date = startOf(day)
  const last = new Date(date.getFullYear(), date.getMonth() + by + 1, 0)
  return dayOf(new Date(last.getFullYear(), last.getMonth(), Math.min(date.getDate(), last.getDate())))
}

/** A due date on another day, at the same time of day if it has one. */
export function onDay(due: string | null, day: string): string {
  return whenOf(day, due === null || isWholeDay(due) ? '' : timeOf(startOf(due)))
}

/** When a card starts and is due, both of them or one. */
export interface When {
  readonly start_at: string | null
  readonly due_at: string | null
}

/** So many days later or earlier, start and end alike; each keeps its time of day. */
export function movedBy({ start_at, due_at }: When, by: number): When {
  const later = (when: string | null) => when && onDay(when, shifted(dayOf(startOf(when)), by))
  return { start_at: later(start_at), due_at: later(due_at) }
}

/** Due on another day, and not before it starts. */
export function endedOn({ start_at, due_at }: When, day: string): string {
  const first = start_at === null ? day : dayOf(startOf(start_at))
  return onDay(due_at, day < first ? first : day)
}

/** How many days lie between two, whatever summer time does. */
export function daysBetween(from: string, to: string): number {
  return Math.round((startOf(to).getTime() - startOf(from).getTime()) / DAY_MS)
}

function weekStart(date: Date, first: Weekday): string {
  return shifted(dayOf(date), -((date.getDay() - first + 7) % 7))
}
