/** Every kind of edit, taken back, done again and taken back again at a real server. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Command, Task } from '../src/protocol/generated'
import { newId } from '../src/sync/ids'
import type { ProjectSync } from '../src/sync/project'
import { History } from '../src/sync/undo'
import { Person, until } from './people'

type Kind = Command['type']
interface Case {
  /** What must be so before. */
  readonly before?: () => readonly Command[]
  readonly edit: () => readonly Command[]
}

let ann: Person
let bob: Person
let cid: Person
let project: string
let sync: ProjectSync
let history: History
/** Made anew before each case: two cards, the first one open, with everything in it, and two columns without cards. */
let ids: Record<'task' | 'other' | 'comment' | 'item' | 'second' | 'label' | 'link' | 'column' | 'spare', string>

beforeAll(async () => {
  ann = await Person.signUp('Ann')
  bob = await Person.signUp('Bob')
  cid = await Person.signUp('Cid')
  project = newId()
  await ann.http.createProject(project, 'Garden')
  sync = await ann.open(project, (change, own) => history.changed(change, own))
  history = new History({ replica: sync.replica, submit: (commands) => sync.submit(commands), now: Date.now })
  await sync.submit([{ type: 'add_member', user_id: bob.id, role: 'editor' }])
})

afterAll(() => {
  for (const person of [ann, bob, cid]) person.session.close()
})

const task = () => ({ id: ids.task })
const removed = (type: 'comment' | 'item') => (): readonly Command[] => [
  type === 'comment' ? { type: 'delete_comment', id: ids.comment } : { type: 'delete_checklist_item', id: ids.item },
]

const CASES: { readonly [K in Kind]: Case | null } = {
  create_task: { edit: () => [{ type: 'create_task', id: newId(), column_id: ids.column, title: 'New' }] },
  update_task: {
    edit: () => [
      {
        ...task(),
        ...{ type: 'update_task', title: 'Other', priority: 1, start_at: '2026-05-12', due_at: null },
        ...{ labels: { add: [ids.label] }, assignees: { add: [bob.id], remove: [ann.id] }, base_seq: sync.replica.seq },
      },
    ],
  },
  move_task: { edit: () => [{ type: 'move_task', id: ids.other, column_id: ids.column, place: 'top' }] },
  describe_task: {
    edit: () => [{ ...task(), type: 'describe_task', text: 'Deeper', base_seq: sync.replica.seq }],
  },
  archive_task: { edit: () => [{ ...task(), type: 'archive_task' }] },
  unarchive_task: {
    before: () => [{ ...task(), type: 'archive_task' }],
    edit: () => [{ ...task(), type: 'unarchive_task' }],
  },
  delete_task: { edit: () => [{ type: 'delete_task', id: ids.other }] },
  restore_task: {
    before: () => [{ type: 'delete_task', id: ids.other }],
    edit: () => [{ type: 'restore_task', id: ids.other }],
  },
  create_column: { edit: () => [{ type: 'create_column', id: newId(), name: 'New', place: 'top' }] },
  update_column: {
    edit: () => [{ type: 'update_column', id: ids.column, name: 'Other', category: 'completed', wip_limit: 3 }],
  },
  move_column: { edit: () => [{ type: 'move_column', id: ids.spare, place: 'top' }] },
  delete_column: {
    edit: () => {
      const from = sync.replica.view.get('task', ids.task)!.column_id
      return [{ type: 'delete_column', id: from, move_to: ids.column }]
    },
  },
  restore_column: {
    before: () => [{ type: 'delete_column', id: ids.spare }],
    edit: () => [{ type: 'restore_column', id: ids.spare }],
  },
  create_label: { edit: () => [{ type: 'create_label', id: newId(), name: 'New', color: 'red' }] },
  update_label: { edit: () => [{ type: 'update_label', id: ids.label, name: 'Other', color: 'teal' }] },
  delete_label: { edit: () => [{ type: 'delete_label', id: ids.label }] },
  restore_label: {
    before: () => [{ type: 'delete_label', id: ids.label }],
    edit: () => [{ type: 'restore_label', id: ids.label }],
  },
  add_comment: { edit: () => [{ type: 'add_comment', id: newId(), task_id: ids.task, text: 'New' }] },
  edit_comment: { edit: () => [{ type: 'edit_comment', id: ids.comment, text: 'Other' }] },
  delete_comment: { edit: removed('comment') },
  restore_comment: { before: removed('comment'), edit: () => [{ type: 'restore_comment', id: ids.comment }] },
  add_checklist_item: { edit: () => [{ type: 'add_checklist_item', id: newId(), task_id: ids.task, text: 'New' }] },
  update_checklist_item: { edit: () => [{ type: 'update_checklist_item', id: ids.item, text: 'Other', done: true }] },
  move_checklist_item: { edit: () => [{ type: 'move_checklist_item', id: ids.second, place: 'top' }] },
  delete_checklist_item: { edit: removed('item') },
  delete_attachment: null, // a file comes by REST; the browser's tests take its deletion back
  restore_attachment: null,
  restore_checklist_item: { before: removed('item'), edit: () => [{ type: 'restore_checklist_item', id: ids.item }] },
  add_dependency: {
    before: () => [{ type: 'remove_dependency', id: ids.link }],
    edit: () => [{ type: 'add_dependency', id: newId(), task_id: ids.task, depends_on_id: ids.other }],
  },
  remove_dependency: { edit: () => [{ type: 'remove_dependency', id: ids.link }] },
  update_project: { edit: () => [{ type: 'update_project', name: 'Other', description: 'New' }] },
  add_member: { edit: () => [{ type: 'add_member', email: cid.email, role: 'viewer' }] },
  set_member_role: { edit: () => [{ type: 'set_member_role', id: bob.id, role: 'viewer' }] },
  remove_member: { edit: () => [{ type: 'remove_member', id: bob.id }] },
  import_records: null, // takes no undo
}

/** A board with everything on it. */
async function furnish(): Promise<void> {
  const names = ['task', 'other', 'comment', 'item', 'second', 'label', 'link', 'column', 'spare'] as const
  ids = Object.fromEntries(names.map((name) => [name, newId()])) as typeof ids
  const column_id = newId()
  const task_id = ids.task
  await sync.submit([
    { type: 'create_column', id: column_id, name: 'Here' },
    { type: 'create_column', id: ids.column, name: 'There' },
    { type: 'create_column', id: ids.spare, name: 'Spare' },
    { type: 'create_label', id: ids.label, name: 'Beds', color: 'green' },
    {
      ...{ type: 'create_task', id: task_id, column_id, title: 'Dig', description: 'Deep', due_at: '2026-06-01' },
      assignee_ids: [ann.id],
    },
    { type: 'create_task', id: ids.other, column_id, title: 'Rake' },
    { type: 'create_task', id: newId(), column_id, title: 'Sow' },
    { type: 'add_comment', id: ids.comment, task_id, text: 'Why?' },
    { type: 'add_checklist_item', id: ids.item, task_id, text: 'Spade' },
    { type: 'add_checklist_item', id: ids.second, task_id, text: 'Gloves' },
    { type: 'add_dependency', id: ids.link, task_id, depends_on_id: ids.other },
  ])
  let state = ''
  sync.details.open(task_id, (now) => (state = now))
  await until(() => state === 'ready')
}

/** What people see of the board: no times, no ids of dependencies, no former members, orders instead of ranks. */
function board(): unknown {
  const { view } = sync.replica
  const all = (kind: 'project' | 'label') => byId(view.all(kind).values())
  const unranked = ({ rank: _, ...rest }: { rank: string }) => rest
  return {
    columns: view.columns.of('').map(unranked),
    tasks: view.columns.of('').map(({ id }) => view.tasks.of(id).map(untimed).map(unranked)),
    others: [...all('project'), ...all('label')],
    members: byId(view.all('member').values()).filter(({ role }) => role),
    dependencies: [...view.all('dependency').values()].map(({ id: _, ...ends }) => ends),
    description: view.get('description', ids.task)?.text,
    comments: view.comments.of(ids.task).map(({ edited_at: _, ...rest }) => rest),
    items: view.checklist.of(ids.task).map(unranked),
  }
}

function byId<R extends { id: string }>(records: Iterable<R>): R[] {
  return [...records].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function untimed({ updated_at: _, archived_at, ...rest }: Task): Omit<Task, 'updated_at' | 'archived_at'> {
  return { ...rest, archived: archived_at !== null } as Omit<Task, 'updated_at' | 'archived_at'>
}

describe('every kind of edit is taken back and done again', () => {
  test.each(Object.entries(CASES).flatMap(([kind, each]) => (each ? [[kind, each] as const] : [])))(
    '%s',
    async (_, { before, edit }) => {
      await furnish()
      if (before) await sync.submit(before())
      const former = board()
      await history.submit(edit())
      const after = board()
      expect(after).not.toEqual(former)
      expect(await history.undo()!.refused).toBeNull()
      expect(board()).toEqual(former)
      expect(await history.redo()!.refused).toBeNull()
      expect(board()).toEqual(after)
      expect(await history.undo()!.refused).toBeNull()
      expect(board()).toEqual(former)
      expect(ann.rejections).toEqual([])
    },
  )
})

test('several edits of one text are taken back one by one, and not over what somebody else wrote', async () => {
  await furnish()
  const bobs = await bob.open(project)
  const title = (title: string) => ({ type: 'update_task' as const, id: ids.task, title })
  for (const text of ['one', 'two', 'three']) await history.submit([{ ...title(text), base_seq: sync.replica.seq }])
  const taken = [history.undo()!, history.undo()!] // at once, without waiting for an answer
  expect(await Promise.all(taken.map(({ refused }) => refused))).toEqual([null, null])
  expect(sync.replica.view.get('task', ids.task)?.title).toBe('one')
  const { seq } = await bobs.submit([title('his')])
  await until(() => sync.replica.seq >= seq)
  expect(history.undo()).toMatchObject({ overtaken: 'Bob', about: { type: 'update_task', name: 'Dig' } })
  expect((await ann.http.snapshot(project)).tasks.find(({ id }) => id === ids.task)?.title).toBe('his')
})
