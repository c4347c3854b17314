import { expect, test } from 'vitest'
import type { Task } from '../../protocol/generated'
import { task } from '../../sync/testing/records'
import { nextSorting, sorted, sortingFrom, sortingText, SORTS, type SortField } from './sorting'

const names = { columnAt: (id: string) => ['todo', 'done'].indexOf(id), person: (id: string) => PEOPLE[id] }
const PEOPLE: Record<string, string> = { u1: 'Zoë', u2: 'Ann' }

function order(field: SortField, down: boolean, ...tasks: Task[]): string[] {
  return sorted(tasks, { field, down }, names, 'en').map(({ id }) => id)
}

const a = (more: Partial<Task> = {}) => task('a', 'todo', 'a0', more)
const b = (more: Partial<Task> = {}) => task('b', 'todo', 'a1', more)
const c = (more: Partial<Task> = {}) => task('c', 'done', 'a0', more)

test('without a field the board’s own order stays', () => {
  const tasks = [b(), a()]
  expect(sorted(tasks, null, names)).toBe(tasks)
})

test('titles are put in order as people do: numbers by size, accents aside', () => {
  expect(order('title', false, a({ title: 'Bed 10' }), b({ title: 'bed 9' }), c({ title: 'Äpfel' }))).toEqual([
    'c',
    'b',
    'a',
  ])
})

test('those without a value come last, up and down', () => {
  const tasks = [a(), b({ due_at: '2026-05-12' }), c({ due_at: '2026-05-10T09:00:00Z' })]
  expect(order('due', false, ...tasks)).toEqual(['c', 'b', 'a'])
  expect(order('due', true, ...tasks)).toEqual(['b', 'c', 'a'])
  expect(order('assignees', true, a(), b({ assignee_ids: ['u2'] }), c({ assignee_ids: ['u1'] }))).toEqual([
    'c',
    'b',
    'a',
  ])
})

test('a whole day comes after the hours of that day', () => {
  const hour = new Date(2026, 4, 12, 23).toISOString()
  expect(order('due', false, a({ due_at: '2026-05-12' }), b({ due_at: hour }))).toEqual(['b', 'a'])
})

test('columns stand as on the board, and equals stay as they came', () => {
  expect(order('column', true, a(), b(), c())).toEqual(['c', 'a', 'b'])
})

test('the address tells the order and nothing else', () => {
  for (const field of SORTS)
    for (const down of [false, true]) expect(sortingFrom(sortingText({ field, down }))).toEqual({ field, down })
  expect(sortingFrom('beauty')).toBeNull()
  expect(sortingFrom(null)).toBeNull()
  expect(sortingText(null)).toBe('')
})

test('a head turns the order up, down and off', () => {
  const up = nextSorting({ field: 'title', down: true }, 'due')
  expect(up).toEqual({ field: 'due', down: false })
  const down = nextSorting(up, 'due')
  expect(down).toEqual({ field: 'due', down: true })
  expect(nextSorting(down, 'due')).toBeNull()
})
