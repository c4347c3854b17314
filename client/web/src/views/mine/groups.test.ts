import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MyTask } from '../../api/mine'
import { goBy } from '../parts/dates.svelte'
import { tellIn } from '../parts/zone.svelte'
import { grouped, groupOf } from './groups'

beforeEach(() => goBy(Date.parse('2026-05-12T20:30:00Z') - Date.now()))

afterEach(() => {
  tellIn(null)
  goBy(0)
})

test('a day is today where its zone says so', () => {
  tellIn('Europe/London')
  expect(['2026-05-11', '2026-05-12', '2026-05-13'].map(groupOf)).toEqual(['overdue', 'today', 'week'])
  tellIn('Asia/Kathmandu')
  expect(['2026-05-11', '2026-05-12', '2026-05-13'].map(groupOf)).toEqual(['overdue', 'overdue', 'today'])
})

test('a time of today is overdue once it is past, and tomorrow in a zone where that has begun', () => {
  tellIn('Europe/London')
  expect(groupOf('2026-05-12T20:00:00Z')).toBe('overdue')
  expect(groupOf('2026-05-12T22:45:00Z')).toBe('today')
  expect(groupOf('2026-05-12T23:30:00Z')).toBe('week')
})

test('the week ends with its seventh day, over the end of a month too', () => {
  tellIn('Europe/London')
  expect(['2026-05-19', '2026-05-20', null].map(groupOf)).toEqual(['week', 'later', 'undated'])
  goBy(Date.parse('2026-12-28T12:00:00Z') - Date.now())
  expect(['2027-01-04', '2027-01-05'].map(groupOf)).toEqual(['week', 'later'])
})

test('groups without tasks are left out, and within one what is due first comes first', () => {
  tellIn('Europe/London')
  const due = ['2026-05-14', null, '2026-05-13T09:00:00Z', '2026-05-13']
  const tasks = due.map((due_at, at) => ({ id: String(at), due_at }) as MyTask)
  const ids = grouped(tasks).map(({ group, tasks }) => [group, tasks.map(({ id }) => id)])
  expect(ids).toEqual([
    ['week', ['3', '2', '0']],
    ['undated', ['1']],
  ])
})
