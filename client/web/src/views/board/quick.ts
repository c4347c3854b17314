/**
 * What a line that makes a card says besides its title: `Call the mill #urgent @ann !high ^fri 14:00`. Pure; the names of
 * the board and the words of the language are handed in. What is not understood stays in the title.
 */

import type { CreateTask } from '../../protocol/generated'
import { dayOf, whenOf } from '../parts/dates.svelte'

interface Named {
  readonly id: string
  readonly name: string
}

export interface Known {
  readonly labels: readonly Named[]
  readonly members: readonly Named[]
  /** By the names that people type. */
  readonly priorities: readonly { readonly name: string; readonly value: number }[]
  /** Days by name, counted from today. */
  readonly days: readonly { readonly name: string; readonly after: number }[]
  /** From Sunday on, each by all its names. */
  readonly weekdays: readonly (readonly string[])[]
  readonly now: Date
}

export interface Quick {
  readonly title: string
  readonly label_ids: readonly string[]
  readonly assignee_ids: readonly string[]
  readonly priority: number | null
  readonly due_at: string | null
}

/** Something understood, and how many characters said it. */
type Found<V> = { readonly value: V; readonly length: number } | null

export function understand(line: string, known: Known): Quick {
  const labels = new Set<string>()
  const people = new Set<string>()
  let priority: number | null = null
  let due: string | null = null
  let title = ''
  let at = 0
  while (at < line.length) {
    const found = /(^|\s)$/.test(title) ? read(line[at]!, line.slice(at + 1), known) : null
    if (!found) {
      title += line[at++]
      continue
    }
    at += 1 + found.length
    if (found.kind === 'label') labels.add(found.value)
    else if (found.kind === 'person') people.add(found.value)
    else if (found.kind === 'priority') priority = found.value
    else due = found.value
  }
  const plain = title.replace(/\s+/g, ' ').trim()
  return { title: plain, label_ids: [...labels], assignee_ids: [...people], priority, due_at: due }
}

/** What is written, and what goes without saying where it is: what is written comes first. */
export function withGiven({ priority, due_at, label_ids, assignee_ids }: Quick, given: Partial<CreateTask>) {
  const chosen = priority ?? given.priority ?? null
  return {
    due_at,
    label_ids: [...new Set([...(given.label_ids ?? []), ...label_ids])],
    assignee_ids: [...new Set([...(given.assignee_ids ?? []), ...assignee_ids])],
    ...(chosen !== null && { priority: chosen }),
  }
}

type Part =
  | { readonly kind: 'label' | 'person' | 'due'; readonly value: string; readonly length: number }
  | { readonly kind: 'priority'; readonly value: number; readonly length: number }

function read(sign: string, rest: string, known: Known): Part | null {
  switch (sign) {
    case '#':
      return as('label', readName(rest, known.labels))
    case '@':
      return as('person', readName(rest, known.members))
    case '!': {
      const named = readName(
        rest,
        known.priorities.map(({ name, value }) => ({ id: String(value), name })),
      )
      return named && { kind: 'priority', value: Number(named.value), length: named.length }
    }
    case '^':
      return as('due', readDue(rest, known))
    default:
      return null
  }
}

function as(kind: 'label' | 'person' | 'due', found: Found<string>): Part | null {
  return found && { kind, ...found }
}

/** The longest name that stands here whole, or the one that the first word begins. */
function readName(rest: string, all: readonly Named[]): Found<string> {
  const low = rest.toLocaleLowerCase()
  const ends = (at: number) => at === rest.length || /[\s,;]/.test(rest[at]!)
  const whole = all
    .filter(({ name }) => name && low.startsWith(name.toLocaleLowerCase()) && ends(name.length))
    .sort((a, b) => b.name.length - a.name.length)[0]
  if (whole) return { value: whole.id, length: whole.name.length }
  const word = /^[^\s,;]+/.exec(low)?.[0]
  const begun = word ? all.filter(({ name }) => name.toLocaleLowerCase().startsWith(word)) : []
  return begun.length === 1 ? { value: begun[0]!.id, length: word!.length } : null
}

/** A day, and a time after it. */
function readDue(rest: string, known: Known): Found<string> {
  const word = /^[^\s,;]+/.exec(rest)?.[0] ?? ''
  const day = readDay(word.toLocaleLowerCase(), known)
  if (!day) return null
  const [all, hours, minutes] = /^ (\d{1,2}):(\d{2})(?=$|[\s,;])/.exec(rest.slice(word.length)) ?? []
  if (!all || Number(hours) > 23 || Number(minutes) > 59) return { value: day, length: word.length }
  return { value: whenOf(day, `${hours!.padStart(2, '0')}:${minutes}`), length: word.length + all.length }
}

function readDay(word: string, { days, weekdays, now }: Known): string | null {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word) ?? []
  if (year) {
    const day = new Date(Number(year), Number(month) - 1, Number(date))
    return dayOf(day) === word ? word : null
  }
  const [, count, unit] = /^\+?(\d{1,3})(d|w)?$/.exec(word) ?? []
  if (count && (unit || word.startsWith('+'))) return later(now, Number(count) * (unit === 'w' ? 7 : 1))
  if (word.length < 2) return null
  const near = days.filter(({ name }) => name.toLocaleLowerCase().startsWith(word))
  if (near.length === 1) return later(now, near[0]!.after)
  const begun = weekdays.flatMap((names, day) =>
    names.some((name) => name.toLocaleLowerCase().startsWith(word)) ? [day] : [],
  )
  return begun.length === 1 ? later(now, ((begun[0]! - now.getDay() + 6) % 7) + 1) : null
}

function later(now: Date, days: number): string {
  return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days))
}
