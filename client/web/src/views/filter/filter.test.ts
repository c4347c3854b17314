import { describe, expect, test } from 'vitest'
import type { Task } from '../../protocol/generated'
import { task } from '../../sync/testing/records'
import { EVERYTHING, fold, fromQuery, isActive, matcher, NONE, withFilter, type Filter } from './filter'

const NOON = new Date(2026, 4, 12, 12).getTime()

function passes(filter: Partial<Filter>, more: Partial<Task> = {}, depends = false): boolean {
  const around = { now: () => NOON, depends: () => depends }
  return matcher({ ...EVERYTHING, ...filter }, around)(task('t', 'todo', 'a0', more))
}

describe('a text', () => {
  test('is found with all of its words, in any order, case and accent', () => {
    expect(passes({ text: 'OFEN bäcker' }, { title: 'Der Bäcker heizt den Ofen' })).toBe(true)
    expect(passes({ text: 'backer' }, { title: 'Bäcker' })).toBe(true)
    expect(passes({ text: 'ofen herd' }, { title: 'Ofen' })).toBe(false)
    expect(passes({ text: '  ' })).toBe(true)
  })

  test('with a number sign finds the card of that number, and no longer one', () => {
    expect(passes({ text: '#12' }, { number: 12 })).toBe(true)
    expect(passes({ text: '#1' }, { number: 12 })).toBe(false)
  })

  test('of another script stays as it is', () => {
    expect(fold('مرحبا 日本')).toBe('مرحبا 日本')
  })
})

describe('facets', () => {
  test('find any of what is asked for, or those who have none', () => {
    expect(passes({ labels: ['a', 'b'] }, { label_ids: ['b'] })).toBe(true)
    expect(passes({ labels: ['a'] }, { label_ids: ['b'] })).toBe(false)
    expect(passes({ labels: [NONE] })).toBe(true)
    expect(passes({ people: [NONE, 'ann'] }, { assignee_ids: ['ann', 'ben'] })).toBe(true)
    expect(passes({ people: [NONE] }, { assignee_ids: ['ben'] })).toBe(false)
    expect(passes({ columns: ['done'] })).toBe(false)
  })

  test('must all be met', () => {
    const filter = { labels: ['a'], people: ['ann'] }
    expect(passes(filter, { label_ids: ['a'], assignee_ids: ['ann'] })).toBe(true)
    expect(passes(filter, { label_ids: ['a'] })).toBe(false)
  })

  test('know a priority by its name', () => {
    expect(passes({ priorities: ['high'] }, { priority: 2 })).toBe(true)
    expect(passes({ priorities: ['high', 'low'] }, { priority: 5 })).toBe(false)
  })

  test('ask for everything that a card has to have', () => {
    expect(passes({ has: ['checklist', 'comments'] }, { checklist_total: 1 })).toBe(false)
    expect(passes({ has: ['checklist', 'comments'] }, { checklist_total: 1, comment_count: 1 })).toBe(true)
    expect(passes({ has: ['dependencies'] }, {}, true)).toBe(true)
    expect(passes({ has: ['dependencies'] })).toBe(false)
  })
})

describe('due', () => {
  test('a day is overdue when it has ended, a moment when it is past, a finished card never', () => {
    expect(passes({ due: ['overdue'] }, { due_at: '2026-05-12' })).toBe(false)
    expect(passes({ due: ['overdue'] }, { due_at: '2026-05-11' })).toBe(true)
    expect(passes({ due: ['overdue'] }, { due_at: new Date(NOON - 60_000).toISOString() })).toBe(true)
    expect(passes({ due: ['overdue'] }, { due_at: '2026-05-11', completed_at: '2026-05-11T00:00:00Z' })).toBe(false)
  })

  test('today and the next seven days are those of the viewer', () => {
    expect(passes({ due: ['today'] }, { due_at: new Date(2026, 4, 12, 23, 59).toISOString() })).toBe(true)
    expect(passes({ due: ['today'] }, { due_at: '2026-05-13' })).toBe(false)
    expect(passes({ due: ['week'] }, { due_at: '2026-05-18' })).toBe(true)
    expect(passes({ due: ['week'] }, { due_at: '2026-05-19' })).toBe(false)
    expect(passes({ due: ['week'] }, { due_at: '2026-05-11' })).toBe(false)
  })

  test('spans add up, no date too', () => {
    expect(passes({ due: ['overdue', 'none'] })).toBe(true)
    expect(passes({ due: ['overdue', 'today'] })).toBe(false)
  })
})

describe('in the address', () => {
  test('a filter comes back as it went', () => {
    const filter: Filter = {
      text: 'a & b, c',
      labels: ['l1', NONE],
      people: ['u1'],
      due: ['overdue'],
      priorities: ['urgent', 'low'],
      columns: ['c1'],
      has: ['comments'],
    }
    expect(fromQuery(new URLSearchParams(withFilter(new URLSearchParams(), filter).toString()))).toEqual(filter)
  })

  test('what else stands there stays, and what is not asked for any more goes', () => {
    const query = withFilter(new URLSearchParams('view=list&label=a&q=x'), EVERYTHING)
    expect(query.toString()).toBe('view=list')
  })

  test('words that mean nothing ask for nothing', () => {
    const filter = fromQuery(new URLSearchParams('due=never&priority=&has=wings,comments,comments&q='))
    expect(filter).toEqual({ ...EVERYTHING, has: ['comments'] })
    expect(isActive(fromQuery(new URLSearchParams('due=never')))).toBe(false)
  })
})
