/**
 * Due and start dates in words: a whole day `2026-05-12` belongs to the viewer's calendar, a time to the clock. Every
 * `Date` here and in the views is a reading in the viewer's zone (zone.svelte.ts).
 */

import { t } from '../../strings'
import { locale } from '../../strings/language'
import { momentOf, readingOf } from './zone.svelte'

const DAY_MS = 86_400_000

/** How far the server's clock is ahead of this machine's, whose own may be off by days. */
let ahead = 0
let now = $state(Date.now())

/** What the clock shows, fresh enough for "overdue" and "today": reading it in a component follows it. */
export function clock(): number {
  return readingOf(now).getTime()
}

/** Keep the clock going. Returns what stops it. */
export function tick(): () => void {
  const timer = setInterval(() => (now = Date.now() + ahead), 30_000)
  return () => clearInterval(timer)
}

/** Go by the server's clock, which is so far ahead of this machine's, in milliseconds. */
export function goBy(skewMs: number): void {
  ahead = skewMs
  now = Date.now() + ahead
}

export function isWholeDay(when: string): boolean {
  return when.length === 10
}

/** The first moment of a date or time, in the viewer's zone. */
export function startOf(when: string): Date {
  if (!isWholeDay(when)) return readingOf(Date.parse(when))
  const [year, month, day] = when.split('-').map(Number) as [number, number, number]
  return new Date(year, month - 1, day)
}

/** A time is overdue once it is past, a whole day when it has ended for the viewer. */
export function isOverdue(when: string): boolean {
  if (!isWholeDay(when)) return Date.parse(when) < now
  const end = startOf(when)
  end.setDate(end.getDate() + 1)
  return end.getTime() <= clock()
}

export function isSoon(when: string): boolean {
  return !isOverdue(when) && startOf(when).getTime() - clock() < DAY_MS
}

/** `Today`, `Tomorrow 14:00`, `12 May`, `3 Jan 2025`: as short as it is clear. */
export function shortWhen(when: string): string {
  const date = startOf(when)
  const day = dayWord(date) ?? format(date, yearless(date))
  return isWholeDay(when) ? day : `${day} ${format(date, { hour: '2-digit', minute: '2-digit' })}`
}

/** Shorter still, for the face of a card: the hour only where it is near. */
export function faceWhen(when: string): string {
  const date = startOf(when)
  return dayWord(date) ? shortWhen(when) : format(date, yearless(date))
}

/** The same in full, for tooltips and screen readers. */
export function longWhen(when: string): string {
  const time = isWholeDay(when) ? {} : ({ hour: '2-digit', minute: '2-digit' } as const)
  return format(startOf(when), { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', ...time })
}

/** A date in words of one's own choice. */
export function wordsFor(date: Date, options: Intl.DateTimeFormatOptions): string {
  return format(date, options)
}

/** The time of day, as one writes it: `14:00`. */
export function clockTime(date: Date): string {
  return format(date, { hour: '2-digit', minute: '2-digit' })
}

/** How long ago something happened: `2 hours ago`. */
export function ago(moment: string): string {
  const seconds = Math.min(0, (Date.parse(moment) - now) / 1000)
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'long' })
  if (seconds > -45) return words.format(0, 'second')
  if (seconds > -3600) return words.format(Math.round(seconds / 60), 'minute')
  if (seconds > -86_400) return words.format(Math.round(seconds / 3600), 'hour')
  if (seconds > -30 * 86_400) return words.format(Math.round(seconds / 86_400), 'day')
  const date = startOf(moment)
  return format(date, yearless(date))
}

/** A calendar day as `2026-05-12`, in the viewer's zone. */
export function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

export function timeOf(date: Date): string {
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}

/** The wire's text for a day and an optional time of the viewer's zone. */
export function whenOf(day: string, time: string): string {
  if (!time) return day
  return new Date(momentOf(new Date(`${day}T${time}`))).toISOString().replace(/\.\d+Z$/, 'Z')
}

function dayWord(date: Date): string | null {
  const today = startOf(dayOf(new Date(clock())))
  const days = Math.round((startOf(dayOf(date)).getTime() - today.getTime()) / DAY_MS)
  return days === 0 ? t.due.today : days === 1 ? t.due.tomorrow : days === -1 ? t.due.yesterday : null
}

function yearless(date: Date): Intl.DateTimeFormatOptions {
  const year = date.getFullYear() === new Date(clock()).getFullYear() ? {} : ({ year: 'numeric' } as const)
  return { day: 'numeric', month: 'short', ...year }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  if (Number.isNaN(date.getTime())) return '–'
  const key = JSON.stringify(options)
  let known = formats.get(key)
  if (!known) formats.set(key, (known = new Intl.DateTimeFormat(locale(), options)))
  return known.format(date)
}

/** So many days from now, as requests take it. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString()
}
