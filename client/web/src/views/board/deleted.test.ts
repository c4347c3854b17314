import { expect, test } from 'vitest'
import type { Change, Op } from '../../protocol/generated'
import { deletedIn } from './deleted'

let seq = 0
const change = (...ops: unknown[]): Change => ({
  type: 'change',
  project: 'p',
  seq: ++seq,
  id: `${seq}`,
  actor: { id: 'ann', name: 'Ann', kind: 'person' },
  at: `2026-11-21T10:00:0${seq}Z`,
  kind: 'delete_task',
  ops: ops as Op[],
})

test('deleted cards are told, the latest first, by the last title there was', () => {
  const changes = [
    change({ op: 'put', kind: 'task', record: { id: 'dig', title: 'Dig' } }),
    change({ op: 'patch', kind: 'task', id: 'dig', fields: { title: 'Dig deep' } }),
    change({ op: 'remove', kind: 'task', id: 'dig' }, { op: 'remove', kind: 'dependency', id: 'x' }),
    change({ op: 'remove', kind: 'task', id: 'old' }, { op: 'remove', kind: 'task', id: 'back' }),
  ]
  expect(deletedIn(changes, (id) => id === 'back')).toEqual([
    { id: 'old', title: null, at: '2026-11-21T10:00:04Z', by: 'Ann' },
    { id: 'dig', title: 'Dig deep', at: '2026-11-21T10:00:03Z', by: 'Ann' },
  ])
})
