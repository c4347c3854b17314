import { expect, test } from 'vitest'
import type { Op } from '../../protocol/generated'
import { en } from '../../strings/en'
import { change, comment, dependency, item, task } from '../../sync/testing/records'
import { deedsOf, isAbout, type Sayings } from './deeds'

const say: Sayings = {
  words: en.sheet.deed,
  column: (id) => ({ todo: 'To do', done: 'Done' })[id],
  label: (id) => ({ l1: 'Red', l2: 'Blue' })[id],
  member: (id) => ({ u1: 'Ann', u2: 'Milo' })[id],
  title: (id) => ({ t2: 'Sow' })[id],
  priority: (value) => `P${value}`,
  when: (value) => value,
  bot: (name) => `${name} (bot)`,
  items: new Map([['i1', 'Spade']]),
  comments: new Set(['c1']),
}
const patch = (fields: object): Op => ({ op: 'patch', kind: 'task', id: 't1', fields })
const words = (...all: Op[][]) =>
  deedsOf(
    all.map((ops, i) => change(i + 1, ops)),
    't1',
    say,
  ).map(({ words }) => words)

test('from and to are told as far as earlier changes know', () => {
  expect(words([patch({ title: 'Dig' })], [patch({ title: 'Dig deep', updated_at: 'x' })])).toEqual([
    'renamed this card to “Dig”',
    'renamed this card from “Dig” to “Dig deep”',
  ])
})

test('a card from its making on', () => {
  const made = {
    ...change(1, [{ op: 'put', kind: 'task', record: task('t1', 'todo', 'a0') }]),
    kind: 'create_task' as const,
  }
  const rest = [
    [patch({ column_id: 'done', rank: 'a0', completed_at: 'x' })],
    [patch({ rank: 'a5' })],
    [patch({ due_at: '2026-05-12' })],
    [patch({ due_at: null })],
    [patch({ priority: 1 })],
    [patch({ label_ids: ['l1', 'gone'] })],
    [patch({ label_ids: ['l2'] })],
    [patch({ assignee_ids: ['u1', 'u2'] })],
    [patch({ archived_at: 'x' })],
    [patch({ comment_count: 4 })],
  ].map((ops, i) => change(i + 2, ops))
  expect(deedsOf([made, ...rest], 't1', say).map(({ words }) => words)).toEqual([
    'added this card',
    'moved this card from To do to Done',
    'set the due date to 2026-05-12',
    'cleared the due date',
    'changed the priority from P5 to P1',
    'added “Red”',
    'added “Blue”',
    'removed “Red”',
    'assigned Ann and Milo',
    'archived this card',
  ])
})

test('what is inside of it', () => {
  expect(
    words(
      [{ op: 'put', kind: 'checklist_item', record: item('i2', 't1', 'a0', { text: 'Rope' }) }],
      [{ op: 'patch', kind: 'checklist_item', id: 'i2', fields: { done: true } }],
      [{ op: 'patch', kind: 'checklist_item', id: 'i1', fields: { done: false } }],
      [{ op: 'put', kind: 'dependency', record: dependency('d', 't1', 't2') }],
      [{ op: 'put', kind: 'dependency', record: dependency('d', 't2', 't1') }],
      [{ op: 'patch', kind: 'comment', id: 'c1', fields: { text: 'x' } }],
      [{ op: 'put', kind: 'comment', record: comment('c2', 't1') }],
    ),
  ).toEqual([
    'added “Rope” to the checklist',
    'ticked “Rope”',
    'unticked “Spade”',
    'made it wait for “Sow”',
    'made “Sow” wait for it',
    'edited a comment',
  ])
})

test('other cards are left out', () => {
  const other: Op = { op: 'patch', kind: 'task', id: 't2', fields: { title: 'x' } }
  expect(isAbout(change(1, [other]), 't1', say)).toBe(false)
  expect(isAbout(change(1, [other, patch({ title: 'x' })]), 't1', say)).toBe(true)
  expect(isAbout(change(1, [{ op: 'put', kind: 'comment', record: comment('c9', 't1') }]), 't1', say)).toBe(true)
  expect(words([other])).toEqual([])
})

test('files that come, go and come back', () => {
  const file: Op = {
    op: 'put',
    kind: 'attachment',
    record: {
      id: 'f1',
      task_id: 't1',
      name: 'plan.txt',
      version: 1,
      size: 4,
      media_type: 'text/plain',
      sha256: '',
      created_at: 'x',
      created_by: 'u1',
    },
  }
  const changes = [
    change(1, [file]),
    change(2, [{ op: 'remove', kind: 'attachment', id: 'f1' }, patch({ attachment_count: 0 })]),
    { ...change(3, [file]), kind: 'restore_attachment' as const },
    change(4, [{ op: 'remove', kind: 'attachment', id: 'of another card' }]),
  ]
  expect(deedsOf(changes, 't1', say).map(({ words }) => words)).toEqual([
    'attached “plan.txt”',
    'deleted the file “plan.txt”',
    'brought back the file “plan.txt”',
  ])
})
