import { beforeEach, expect, test } from 'vitest'
import type { Change, Command, Op } from '../protocol/generated'
import { Rejected, rejectionOf, type Outcome } from './outcome'
import { Replica } from './replica'
import { History } from './undo'
import { ME, change, detail, snapshot, task } from './testing/records'

interface Sent {
  readonly commands: readonly Command[]
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (wrong: Error) => void
}

let replica: Replica
let history: History
let sent: Sent[]
let now: number

beforeEach(() => {
  replica = new Replica(() => ME)
  replica.load(snapshot())
  sent = []
  now = 0
  const submit = (commands: readonly Command[]) =>
    new Promise<Outcome>((resolve, reject) => sent.push({ commands, resolve, reject }))
  history = new History({ replica, submit, now: () => now })
})

const patch = (fields: object): Op => ({ op: 'patch', kind: 'task', id: 't1', fields }) as Op
const titled = (title: string) => history.submit([{ type: 'update_task', id: 't1', title, base_seq: replica.seq }])
const last = () => sent.at(-1)!.commands

/** A change arrives; with `own` the latest submit is what it became. */
async function hear(ops: readonly Op[], own = false, more: Partial<Change> = {}): Promise<void> {
  const heard = { ...change(replica.seq + 1, ops), ...more }
  replica.apply([heard])
  history.changed(heard, own)
  if (own) sent.at(-1)!.resolve({ seq: heard.seq, noop: false })
  await Promise.resolve()
}

test('what others change elsewhere does not stand in the way, and the base is our own change', async () => {
  void titled('one')
  await hear([patch({ title: 'one' })], true)
  await hear([patch({ priority: 1 })])
  expect(history.undo()).toMatchObject({
    overtaken: null,
    about: { type: 'update_task', name: 't1', fields: ['title'] },
  })
  expect(last()).toEqual([{ type: 'update_task', id: 't1', title: 't1', base_seq: 11 }])
  expect(history.undo()).toBeNull()
})

test('an edit that somebody else wrote over is not taken back, nor those below it on the same field', async () => {
  for (const title of ['one', 'two']) {
    void titled(title)
    await hear([patch({ title })], true)
  }
  await hear([patch({ title: 'theirs' })])
  void titled('three')
  await hear([patch({ title: 'three' })], true)
  expect(history.undo()).toMatchObject({ overtaken: null })
  expect(last()).toMatchObject([{ title: 'theirs' }])
  expect([history.undo()?.overtaken, history.undo()?.overtaken, history.undo()]).toEqual(['Ann', 'Ann', null])
  expect(sent.length).toBe(4)
})

test('a new card is not taken back once others have worked on it', async () => {
  void history.submit([{ type: 'create_task', id: 'n1', column_id: 'todo', title: 'New' }])
  await hear([{ op: 'put', kind: 'task', record: task('n1', 'todo', 'a5') }], true)
  await hear([{ op: 'patch', kind: 'task', id: 'n1', fields: { comment_count: 1 } }])
  expect(history.undo()).toMatchObject({ overtaken: 'Ann', about: { type: 'create_task', name: 'New' } })
})

test('a move that is under way is taken back without a base, a settled one with it', async () => {
  const move: Command = { type: 'move_task', id: 't1', column_id: 'done', place: 'top' }
  const back = { type: 'move_task', id: 't1', column_id: 'todo', place: { before: 't2' } }
  void history.submit([move])
  history.undo()
  expect(last()).toEqual([{ ...back, base_seq: null }])
  void history.submit([move])
  await hear([patch({ column_id: 'done', rank: 'Zz' })], true)
  history.undo()
  expect(last()).toEqual([{ ...back, base_seq: 11 }])
})

test('an edit begun before the last one was saved has that one as its base', async () => {
  const { seq } = replica
  void titled('one')
  await hear([patch({ title: 'one' })], true)
  void history.submit([{ type: 'update_task', id: 't1', title: 'two', base_seq: seq }])
  expect(last()).toMatchObject([{ title: 'two', base_seq: 11 }])
  await hear([patch({ title: 'theirs' })])
  void history.submit([{ type: 'update_task', id: 't1', title: 'three', base_seq: seq }])
  expect(last()).toMatchObject([{ title: 'three', base_seq: seq }])
})

test('a new edit forgets what was taken back', async () => {
  void titled('one')
  history.undo()
  void titled('two')
  expect(history.redo()).toBeNull()
})

test('what came to nothing is not taken back', async () => {
  void titled('one').catch(() => {})
  sent[0]!.reject(new Error('refused'))
  void titled('two')
  sent[1]!.resolve({ seq: 10, noop: true })
  await Promise.resolve()
  await Promise.resolve()
  expect(history.last).toBeNull()
})

test('a refusal is handed on, and what it concerned is forgotten', async () => {
  void titled('one')
  const turn = history.undo()!
  const commands = last()
  sent
    .at(-1)!
    .reject(new Rejected(rejectionOf({ id: 'x', commands, about: turn.about }, { code: 'conflict', message: 'no' })))
  expect(await turn.refused).toMatchObject({ code: 'conflict' })
  expect([history.undo(), history.redo()]).toEqual([null, null])
})

test('one edit among others is taken back by itself', () => {
  void titled('one')
  const edit = history.last
  void history.submit([{ type: 'archive_task', id: 't2' }])
  expect(history.undo(edit)?.about.fields).toEqual(['title'])
  expect(history.undo(edit)).toBeNull()
  expect(history.last?.about.type).toBe('archive_task')
})

test('changes that were not seen end the history', async () => {
  void titled('one')
  await hear([patch({ title: 'one' })], true)
  replica.load(snapshot({ seq: 20 }))
  expect(history.undo()).toBeNull()
})

test('a text that is saved pause by pause is one edit', async () => {
  replica.expectDetail('t1')
  replica.loadDetail(detail(task('t1', 'todo', 'a0'), 10, { description: { id: 't1', text: 'Dig' } }))
  for (const [text, at] of [
    ['Dig a', 0],
    ['Dig a hole', 5_000],
    ['Dig two holes', 60_000],
  ] as const) {
    now = at
    void history.submit([{ type: 'describe_task', id: 't1', text, base_seq: replica.seq }])
    await hear([{ op: 'put', kind: 'description', record: { id: 't1', text } }], true)
  }
  history.undo()
  expect(last()).toEqual([{ type: 'describe_task', id: 't1', text: 'Dig a hole', base_seq: 13 }])
  await hear([{ op: 'put', kind: 'description', record: { id: 't1', text: 'Dig a hole' } }], true)
  history.undo()
  expect(last()).toEqual([{ type: 'describe_task', id: 't1', text: 'Dig', base_seq: 14 }])
})

test('of very many edits the latest hundred are kept', () => {
  for (let i = 0; i < 101; i++) void titled(`${i}`)
  let taken = 0
  while (history.undo()) taken++
  expect(taken).toBe(100)
})

test('a column with more cards than fit a submit comes back in two', () => {
  const tasks = Array.from({ length: 500 }, (_, i) => task(`n${i}`, 'todo', `b${String(i).padStart(3, '0')}`))
  replica.load(snapshot({ tasks }))
  const command: Command = { type: 'delete_column', id: 'todo', move_to: 'done' }
  void history.submit([command])
  replica.submit({ id: 's1', commands: [command], at: '2026-05-12T09:30:00Z' })
  history.undo()
  expect(sent.map(({ commands }) => commands.length)).toEqual([1, 500, 1])
  expect(sent[1]!.commands.slice(0, 2)).toEqual([
    { type: 'restore_column', id: 'todo' },
    { type: 'move_task', id: 'n0', column_id: 'todo', place: 'bottom' },
  ])
})

test('a member added by e-mail is known once the server has said who it is', async () => {
  void history.submit([{ type: 'add_member', email: 'cid@example.org', role: 'viewer' }])
  expect(history.undo()).toBeNull()
  const record = { id: 'u3', user_id: 'u3', name: 'Cid', role: 'viewer' as const, kind: 'person' as const }
  await hear([{ op: 'put', kind: 'member', record }], true, { kind: 'add_member' })
  history.undo()
  expect(last()).toEqual([{ type: 'remove_member', id: 'u3' }])
})
