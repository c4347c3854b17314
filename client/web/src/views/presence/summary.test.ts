import { expect, test } from 'vitest'
import type { Change, Op } from '../../protocol/generated'
import { summaryOf } from './summary'

let seq = 0
const change = (who: string, ...ops: unknown[]): Change => ({
  type: 'change',
  project: 'p',
  seq: ++seq,
  id: `${seq}`,
  actor: { id: who, name: who, kind: 'person' },
  at: '2026-11-21T10:00:00Z',
  kind: 'update_task',
  ops: ops as Op[],
})
const put = (id: string) => ({ op: 'put', kind: 'task', record: { id } })
const patch = (id: string, fields: object) => ({ op: 'patch', kind: 'task', id, fields })
const remove = (id: string) => ({ op: 'remove', kind: 'task', id })

test('each card counts once, by what matters most', () => {
  const summary = summaryOf([
    change('Milo', put('new')),
    change('Ann', patch('new', { column_id: 'done' })),
    change('Ann', patch('dig', { title: 'Dig' }), patch('sow', { column_id: 'done', completed_at: 'now' })),
    change('Ann', patch('dig', { column_id: 'doing' }), patch('mow', { title: 'Mow' })),
    change('Milo', remove('old'), { op: 'put', kind: 'comment', record: { id: 'c', task_id: 'dig' } }),
    change('Milo', put('brief')),
    change('Milo', remove('brief')),
    change('Ann', patch('mow', { priority: 1 })),
  ])
  expect(summary).toEqual({
    people: ['Milo', 'Ann'],
    added: 1,
    completed: 1,
    moved: 1,
    deleted: 1,
    commented: 1,
    changed: 1,
  })
})
