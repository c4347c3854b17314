import { beforeEach, describe, expect, test } from 'vitest'
import { LEAST_ROLE, type Command } from '../protocol/generated'
import { predict } from './predict'
import { Replica } from './replica'
import { anyCommand, Chance } from './testing/random'
import { AT, ME, change, comment, detail, item, label, snapshot, task } from './testing/records'

const NOW = '2026-05-13T08:00:00Z'
let replica: Replica

beforeEach(() => {
  replica = new Replica(() => ME)
  replica.load(snapshot())
  replica.expectDetail('t1')
  replica.loadDetail(
    detail(task('t1', 'todo', 'a0'), 10, {
      description: { id: 't1', text: 'before' },
      comments: [comment('k1', 't1')],
      checklist_items: [item('i1', 't1', 'a0'), item('i2', 't1', 'a1', { done: true })],
    }),
  )
  const counters = { comment_count: 1, checklist_total: 2, checklist_done: 1 }
  replica.apply([change(11, [{ op: 'patch', kind: 'task', id: 't1', fields: counters }])])
})

let submits = 0
const make = (...commands: Command[]) => replica.submit({ id: `s${++submits}`, commands, at: NOW })
const taskOf = (id = 't1') => replica.view.get('task', id)
const orderOf = (column: string) => replica.view.tasks.of(column).map(({ id }) => id)

describe('tasks', () => {
  test('a new one stands in its place with the defaults of the server and no number yet', () => {
    make({
      type: 'create_task',
      id: 'new',
      column_id: 'todo',
      title: '  New ',
      place: { after: 't1' },
      due_at: '2026-05-20',
    })
    expect(orderOf('todo')).toEqual(['t1', 'new', 't2'])
    expect(taskOf('new')).toMatchObject({
      title: 'New',
      number: 0,
      priority: 5,
      created_by: ME,
      created_at: NOW,
      due_at: '2026-05-20',
      completed_at: null,
    })
  })

  test('a new one in a completed column is completed', () => {
    make({ type: 'create_task', id: 'new', column_id: 'done', title: 'New' })
    expect(taskOf('new')?.completed_at).toBe(NOW)
  })

  test('a new one in a column that is gone shows nothing', () => {
    expect(make({ type: 'create_task', id: 'new', column_id: 'gone', title: 'New' }).touched).toEqual([])
  })

  test('fields: absent is unchanged, null is cleared, no priority is the usual one', () => {
    make({ type: 'update_task', id: 't1', due_at: '2026-05-20', priority: 1 })
    make({ type: 'update_task', id: 't1', due_at: null, priority: null, title: ' New ' })
    expect(taskOf()).toMatchObject({ title: 'New', due_at: null, priority: 5, updated_at: NOW })
  })

  test('labels and assignees are sets', () => {
    make({ type: 'update_task', id: 't1', labels: { add: ['l1', 'l2'] }, assignees: { add: ['u2'] } })
    make({ type: 'update_task', id: 't1', labels: { add: ['l2'], remove: ['l1', 'unknown'] } })
    expect(taskOf()).toMatchObject({ label_ids: ['l2'], assignee_ids: ['u2'] })
  })

  test('a move orders among the others and completes or reopens', () => {
    make({ type: 'move_task', id: 't1', column_id: 'done', place: { before: 't3' } })
    expect([orderOf('todo'), orderOf('done')]).toEqual([['t2'], ['t1', 't3']])
    expect(taskOf()?.completed_at).toBe(NOW)
    make({ type: 'move_task', id: 't3', column_id: 'todo', place: 'top' })
    expect([orderOf('todo'), taskOf('t3')?.completed_at]).toEqual([['t3', 't2'], null])
  })

  test('a move within a completed column keeps the time of completion', () => {
    make({ type: 'move_task', id: 't3', column_id: 'done', place: 'top' })
    expect(taskOf('t3')?.completed_at).toBe(AT)
  })

  test('archive and back', () => {
    make({ type: 'archive_task', id: 't1' })
    expect(taskOf()?.archived_at).toBe(NOW)
    make({ type: 'unarchive_task', id: 't1' })
    expect(taskOf()?.archived_at).toBeNull()
  })

  test('a deleted one takes its dependencies along; restored it is as before', () => {
    make(
      { type: 'add_dependency', id: 'd1', task_id: 't1', depends_on_id: 't2' },
      { type: 'add_dependency', id: 'd2', task_id: 't3', depends_on_id: 't1' },
    )
    const before = taskOf()
    make({ type: 'delete_task', id: 't1' })
    expect([taskOf(), replica.view.all('dependency').size]).toEqual([undefined, 0])
    make({ type: 'restore_task', id: 't1' })
    expect(taskOf()).toEqual(before)
  })
})

describe('whether a task is described', () => {
  test('shows with the text, and goes with it', () => {
    make({ type: 'create_task', id: 'new', column_id: 'todo', title: 'New', description: 'words' })
    expect([taskOf('new')?.has_description, taskOf()?.has_description]).toEqual([true, false])
    make({ type: 'describe_task', id: 't1', text: 'words', base_seq: 10 })
    expect(taskOf()?.has_description).toBe(true)
    make({ type: 'describe_task', id: 't1', text: '', base_seq: 10 })
    expect(taskOf()?.has_description).toBe(false)
  })
})

describe('columns', () => {
  const columns = () => replica.view.columns.of('').map(({ id }) => id)

  test('are made and moved in order', () => {
    make({ type: 'create_column', id: 'new', name: ' New ', place: { before: 'done' } })
    expect(replica.view.get('column', 'new')).toMatchObject({ name: 'New', category: 'todo', wip_limit: null })
    make({ type: 'move_column', id: 'done', place: 'top' })
    expect(columns()).toEqual(['done', 'todo', 'new'])
  })

  test('a new category completes or reopens the tasks in it', () => {
    make({ type: 'update_column', id: 'todo', name: 'Ready', category: 'completed', wip_limit: 3 })
    expect(replica.view.get('column', 'todo')).toMatchObject({ name: 'Ready', category: 'completed', wip_limit: 3 })
    expect(taskOf()?.completed_at).toBe(NOW)
    make({ type: 'update_column', id: 'done', category: 'backlog' })
    expect(taskOf('t3')?.completed_at).toBeNull()
  })

  test('one with tasks goes only when they have somewhere to go, and come back alone', () => {
    make({ type: 'delete_column', id: 'todo' })
    make({ type: 'delete_column', id: 'todo', move_to: 'todo' })
    expect(columns()).toEqual(['todo', 'done'])
    make({ type: 'delete_column', id: 'todo', move_to: 'done' })
    expect([columns(), orderOf('done'), taskOf()?.completed_at]).toEqual([['done'], ['t3', 't1', 't2'], NOW])
    make({ type: 'restore_column', id: 'todo' })
    expect([columns(), orderOf('todo')]).toEqual([['todo', 'done'], []])
  })

  test('an empty one goes', () => {
    make({ type: 'create_column', id: 'new', name: 'New' }, { type: 'delete_column', id: 'new' })
    expect(columns()).toEqual(['todo', 'done'])
  })
})

describe('long texts and their counters', () => {
  test('a description', () => {
    make({ type: 'describe_task', id: 't1', text: 'after', base_seq: 10 })
    expect(replica.view.get('description', 't1')?.text).toBe('after')
  })

  test('comments', () => {
    make(
      { type: 'add_comment', id: 'k2', task_id: 't1', text: 'two' },
      { type: 'edit_comment', id: 'k1', text: 'one!' },
    )
    expect(replica.view.comments.of('t1')).toMatchObject([
      { id: 'k1', text: 'one!', edited_at: NOW },
      { id: 'k2', text: 'two', author_id: ME, edited_at: null },
    ])
    make({ type: 'delete_comment', id: 'k1' })
    expect([replica.view.comments.of('t1').length, taskOf()?.comment_count]).toEqual([1, 1])
    make({ type: 'restore_comment', id: 'k1' }, { type: 'restore_comment', id: 'k1' })
    expect([replica.view.comments.of('t1').length, taskOf()?.comment_count]).toEqual([2, 2])
  })

  test('checklists', () => {
    const counters = () => [taskOf()?.checklist_total, taskOf()?.checklist_done]
    const items = () => replica.view.checklist.of('t1').map(({ id, done }) => `${id}${done ? '+' : ''}`)
    make({ type: 'add_checklist_item', id: 'i3', task_id: 't1', text: ' three ', place: 'top' })
    make({ type: 'update_checklist_item', id: 'i3', done: true, text: 'third' })
    make({ type: 'update_checklist_item', id: 'i3', done: true })
    expect([items(), counters()]).toEqual([
      ['i3+', 'i1', 'i2+'],
      [3, 2],
    ])
    make({ type: 'move_checklist_item', id: 'i3', place: { after: 'i1' } })
    make({ type: 'delete_checklist_item', id: 'i2' })
    expect([items(), counters()]).toEqual([
      ['i1', 'i3+'],
      [2, 1],
    ])
    make({ type: 'restore_checklist_item', id: 'i2' })
    expect([items(), counters()]).toEqual([
      ['i1', 'i3+', 'i2+'],
      [3, 2],
    ])
  })

  test('of a task that is not open only the counters show', () => {
    make({ type: 'add_comment', id: 'k2', task_id: 't2', text: 'two' })
    expect([replica.view.comments.of('t2'), taskOf('t2')?.comment_count]).toEqual([[], 1])
  })
})

describe('the rest of the board', () => {
  test('labels', () => {
    make(
      { type: 'create_label', id: 'l3', name: 'New', color: 'blue' },
      { type: 'update_label', id: 'l3', color: 'red' },
    )
    expect(replica.view.get('label', 'l3')).toEqual(label('l3', { name: 'New', color: 'red' }))
    make({ type: 'delete_label', id: 'l3' })
    expect(replica.view.get('label', 'l3')).toBeUndefined()
    make({ type: 'restore_label', id: 'l3' })
    expect(replica.view.get('label', 'l3')).toBeUndefined() // nobody else has ever seen it: the server will tell
    make({ type: 'delete_label', id: 'l1' }, { type: 'restore_label', id: 'l1' })
    expect(replica.view.get('label', 'l1')).toEqual(label('l1'))
  })

  test('dependencies', () => {
    make(
      { type: 'add_dependency', id: 'd1', task_id: 't1', depends_on_id: 't2' },
      { type: 'add_dependency', id: 'd2', task_id: 't1', depends_on_id: 'gone' },
    )
    expect(replica.view.dependencies.of('t1').map(({ id }) => id)).toEqual(['d1'])
    expect(replica.view.dependents.of('t2').map(({ id }) => id)).toEqual(['d1'])
    make({ type: 'remove_dependency', id: 'd1' })
    expect(replica.view.dependencies.of('t1')).toEqual([])
  })

  test('the project and its members', () => {
    make({ type: 'update_project', name: ' New ' }, { type: 'set_member_role', id: 'u2', role: 'viewer' })
    expect([replica.view.get('project', 'p1')?.name, replica.view.get('member', 'u2')?.role]).toEqual(['New', 'viewer'])
    make({ type: 'remove_member', id: 'u2' })
    expect(replica.view.get('member', 'u2')?.role).toBeNull()
  })

  test('what only the server knows is not guessed', () => {
    const step = make(
      { type: 'add_member', email: 'ann@example.org', role: 'editor' },
      { type: 'import_records', import_id: 'x', records: [] },
    )
    expect(step.touched).toEqual([])
  })
})

test('creating what is there already predicts nothing', () => {
  const again: Command[] = [
    { type: 'create_task', id: 't1', column_id: 'todo', title: 'x' },
    { type: 'create_column', id: 'todo', name: 'x' },
    { type: 'create_label', id: 'l1', name: 'x', color: 'red' },
    { type: 'add_comment', id: 'k1', task_id: 't1', text: 'x' },
    { type: 'add_checklist_item', id: 'i1', task_id: 't1', text: 'x' },
  ]
  for (const command of again) expect(make(command).touched, command.type).toEqual([])
})

test('no command on what is not there throws or shows anything', () => {
  const types = Object.keys(LEAST_ROLE) as Command['type'][]
  const creating: Command['type'][] = [
    'create_column',
    'create_label',
    'add_comment',
    'add_checklist_item',
    'describe_task',
    'update_project',
  ]
  for (const type of types.filter((each) => !creating.includes(each))) {
    const command = {
      type,
      id: 'gone',
      column_id: 'gone',
      task_id: 'gone',
      depends_on_id: 'gone',
      title: 'x',
      text: 'x',
      name: 'x',
      place: 'top',
    }
    expect(make(command as unknown as Command).touched, type).toEqual([])
  }
})

test('a command of another version of this page predicts nothing', () => {
  expect(make({ type: 'paint_task', id: 't1' } as unknown as Command).touched).toEqual([])
})

test('random commands never throw', () => {
  const chance = new Chance(1)
  const context = { me: ME, at: NOW, view: replica.view, recall: () => undefined }
  for (let i = 0; i < 2_000; i++)
    for (const op of predict(anyCommand(chance, replica.view), context)) replica.view.apply(op)
})
