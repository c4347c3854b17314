import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Op } from '../protocol/generated'
import { Replica, type Step } from '../sync/replica'
import {
  AT,
  ME,
  change,
  column,
  comment,
  dependency,
  detail,
  item,
  label,
  member,
  snapshot,
  task,
} from '../sync/testing/records'
import { LiveRecords } from './records.svelte'

let replica: Replica
let store: LiveRecords
let seq: number
let stop: (() => void)[] = []

beforeEach(() => {
  replica = new Replica(() => ME)
  store = new LiveRecords(replica.view, () => ME)
  seq = 10
  take(replica.load(snapshot()))
})

afterEach(() => {
  for (const each of stop) each()
  stop = []
})

function take(step: Step): void {
  store.take(step.touched)
  flushSync()
}

const apply = (...ops: Op[]) => take(replica.apply([change(++seq, ops)]))
const patch = (id: string, fields: object): Op => ({ op: 'patch', kind: 'task', id, fields })

/** How often what it reads is drawn. */
function drawn(read: () => unknown): { times: number; last: unknown } {
  const drawing = { times: 0, last: undefined as unknown }
  const end = $effect.root(() => {
    $effect(() => {
      drawing.last = read()
      drawing.times++
    })
  })
  stop.push(end)
  flushSync()
  return drawing
}

describe('only what changed is drawn again', () => {
  test('a title draws its card, no other card and no list', () => {
    const [mine, other, list, columns] = [
      drawn(() => store.task('t1')?.title),
      drawn(() => store.task('t2')),
      drawn(() => store.taskIds('todo')),
      drawn(() => store.columns),
    ]
    apply(patch('t1', { title: 'new' }))
    expect([mine.times, other.times, list.times, columns.times]).toEqual([2, 1, 1, 1])
    expect(mine.last).toBe('new')
  })

  test('a move draws the lists of both columns and the card', () => {
    const [from, to, other] = [
      drawn(() => [...store.taskIds('todo')]),
      drawn(() => [...store.taskIds('done')]),
      drawn(() => store.task('t2')),
    ]
    apply(patch('t1', { column_id: 'done', rank: 'a1' }))
    expect([from.last, to.last]).toEqual([['t2'], ['t3', 't1']])
    expect([from.times, to.times, other.times]).toEqual([2, 2, 1])
  })

  test('a burst draws once', () => {
    const list = drawn(() => store.taskIds('todo'))
    const ops = Array.from({ length: 100 }, (_, i): Op => ({
      op: 'put',
      kind: 'task',
      record: task(`n${i}`, 'todo', `b${String(i).padStart(2, '0')}`),
    }))
    apply(...ops)
    expect([list.times, store.taskIds('todo').length]).toEqual([2, 102])
  })

  test('a snapshot that says the same draws nothing', () => {
    const drawings = [drawn(() => store.task('t1')), drawn(() => store.taskIds('todo')), drawn(() => store.me)]
    take(replica.load(snapshot({ seq: 20 })))
    expect(drawings.map(({ times }) => times)).toEqual([1, 1, 1])
  })

  test('one who waits for a record that is not there is drawn when it comes', () => {
    const [card, list] = [drawn(() => store.task('new')?.title), drawn(() => [...store.taskIds('empty')])]
    apply(
      { op: 'put', kind: 'column', record: column('empty', 'a5') },
      { op: 'put', kind: 'task', record: task('new', 'empty', 'a0') },
    )
    expect([card.last, list.last]).toEqual(['new', ['new']])
  })
})

describe('lists', () => {
  test('columns stand in their order', () => {
    apply({ op: 'put', kind: 'column', record: column('first', 'Zz') })
    expect(store.columns.map(({ id }) => id)).toEqual(['first', 'todo', 'done'])
    expect(store.column('first')?.name).toBe('first')
    apply({ op: 'remove', kind: 'column', id: 'first' })
    expect([store.columns.length, store.column('first')]).toEqual([2, undefined])
  })

  test('archived tasks leave their column for the archive, the latest first', () => {
    apply(patch('t1', { archived_at: '2026-05-12T10:00:00Z' }))
    apply(patch('t2', { archived_at: '2026-05-12T11:00:00Z' }))
    expect([store.taskIds('todo'), store.archived.map(({ id }) => id)]).toEqual([[], ['t2', 't1']])
    expect([...store.tasks].length).toBe(3)
    apply(patch('t2', { archived_at: null }))
    expect(store.taskIds('todo')).toEqual(['t2'])
  })

  test('labels and members by name', () => {
    apply(
      { op: 'put', kind: 'label', record: label('l0', { name: 'zebra' }) },
      { op: 'put', kind: 'member', record: member('u0', { name: 'Ann' }) },
    )
    expect(store.labels.map(({ id }) => id)).toEqual(['l1', 'l2', 'l0'])
    expect(store.members.map(({ id }) => id)).toEqual(['u0', ME, 'u2'])
    expect([store.label('l0')?.name, store.member('u0')?.name]).toEqual(['zebra', 'Ann'])
  })

  test('dependencies from both ends', () => {
    apply({ op: 'put', kind: 'dependency', record: dependency('d', 't1', 't2') })
    expect([store.dependenciesOf('t1'), store.dependentsOf('t2')]).toEqual([
      [dependency('d', 't1', 't2')],
      [dependency('d', 't1', 't2')],
    ])
    apply({ op: 'remove', kind: 'dependency', id: 'd' })
    expect([store.dependenciesOf('t1'), store.dependentsOf('t2')]).toEqual([[], []])
  })

  test('long texts', () => {
    replica.expectDetail('t1')
    const texts = {
      description: { id: 't1', text: 'long' },
      comments: [comment('k', 't1')],
      checklist_items: [item('i', 't1', 'a0')],
    }
    take(replica.loadDetail(detail(task('t1', 'todo', 'a0'), 10, texts))!)
    expect([store.description('t1'), store.comments('t1').length, store.checklist('t1').length]).toEqual(['long', 1, 1])
    const comments = drawn(() => store.comments('t1'))
    apply({ op: 'patch', kind: 'comment', id: 'k', fields: { text: 'edited', edited_at: AT } })
    expect(comments.last).toMatchObject([{ text: 'edited' }])
    take(replica.dropDetail('t1'))
    expect([store.description('t1'), store.comments('t1'), store.checklist('t1')]).toEqual(['', [], []])
  })
})

test('our own role is that of our member record', () => {
  const role = drawn(() => store.role)
  expect(role.last).toBe('admin')
  apply({ op: 'patch', kind: 'member', id: ME, fields: { role: 'viewer' } })
  expect(role.last).toBe('viewer')
  expect(store.project?.name).toBe('Project')
})
