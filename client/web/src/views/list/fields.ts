/** The columns that a list can have beside the title: their widths, what they sort by, and which are shown. */

import { keep, kept } from '../kept'
import type { SortField } from './sorting'

export const FIELDS = ['column', 'labels', 'assignees', 'priority', 'start', 'due', 'updated'] as const

export type Field = (typeof FIELDS)[number]

/** CSS pixels. */
export const WIDTHS: Readonly<Record<Field, number>> = {
  column: 148,
  labels: 200,
  assignees: 160,
  priority: 116,
  start: 136,
  due: 188,
  updated: 120,
}

/** Labels have no order that anybody would ask for. */
export const SORTED_BY: Readonly<Record<Field, SortField | null>> = {
  column: 'column',
  labels: null,
  assignees: 'assignees',
  priority: 'priority',
  start: 'start',
  due: 'due',
  updated: 'updated',
}

const FIRST: readonly Field[] = ['column', 'labels', 'assignees', 'priority', 'due']
const NAME = 'list'
const NO_FIELDS = 'none'

/** What somebody chose last, on any board. */
export function keptFields(user: string): readonly Field[] {
  const text = kept(user, NAME)
  return text ? FIELDS.filter((field) => text.split(' ').includes(field)) : FIRST
}

export function keepFields(user: string, fields: readonly Field[]): void {
  keep(user, NAME, fields.join(' ') || NO_FIELDS)
}
