/**
 * What takes a command back, as commands: the inverse of a delete is a restore, of an edit the former values, of a move
 * the former place. Found before the command takes effect, made when it is taken back. Not here: when that is allowed
 * (undo.ts).
 */

import type { Command, Kind, Place, SetEdit, Task } from '../protocol/generated'
import { newId } from './ids'
import { byRank, compare } from './ranks'
import type { Replica } from './replica'
import type { View } from './view'

/** What became of an edit since it was made. */
export interface Since {
  /** The last change of its fields that was ours, null while that is not known. */
  readonly base: number | null
  /** The member it added. */
  readonly member: string | null
}

/** Something in an order, as it stood there. */
export interface Placed {
  readonly id: string
  readonly rank: string
  /** What it was ordered in. */
  readonly parent: string
}

/** A part of an inverse. */
export interface Step {
  /**
   * The command, for the board as it is by then; null when nothing is left to do. `placed` is what earlier steps have
   * put back, and is added to.
   */
  readonly make: (view: View, since: Since, placed: Placed[]) => Command | null
  /** Fields (`task 7 title`) and records (`task 7`) that nobody else may have changed meanwhile. */
  readonly touches: readonly string[]
}

type Inverses = {
  readonly [T in Command['type']]: (command: Extract<Command, { type: T }>, replica: Replica) => readonly Step[]
}

const INVERSES: Inverses = {
  create_task: ({ id }) => [step({ type: 'delete_task', id }, `task ${id}`)],
  update_task: (command, { view }) => {
    const { id, labels, assignees } = command
    const task = view.get('task', id)
    const sets = { labels: takenBack(task?.label_ids, labels), assignees: takenBack(task?.assignee_ids, assignees) }
    const given = Object.fromEntries(Object.entries(sets).filter(([, edit]) => edit))
    return [
      ...former('task', id, command, ['title', 'priority', 'start_at', 'due_at'], view),
      ...(Object.keys(given).length > 0 ? [step({ type: 'update_task', id, ...given })] : []),
    ]
  },
  move_task: ({ id }, { view }) => {
    const task = view.get('task', id)
    if (!task) return []
    const { column_id, rank } = task
    const make: Step['make'] = (now, { base }, placed) => {
      const place = putBack({ id, rank, parent: column_id }, now.tasks.of(column_id), placed)
      return { type: 'move_task', id, column_id, place, base_seq: base }
    }
    return [{ make, touches: [`task ${id} column_id`, `task ${id} rank`] }]
  },
  describe_task: ({ id }, replica) => {
    if (!replica.texts.holds(id)) return []
    const text = replica.view.get('description', id)?.text ?? ''
    const make: Step['make'] = (_, { base }) => ({ type: 'describe_task', id, text, base_seq: base ?? 0 })
    return [{ make, touches: [`description ${id} text`] }]
  },
  archive_task: ({ id }) => [step({ type: 'unarchive_task', id }, `task ${id} archived_at`)],
  unarchive_task: ({ id }) => [step({ type: 'archive_task', id }, `task ${id} archived_at`)],
  delete_task: ({ id }) => [step({ type: 'restore_task', id })],
  restore_task: ({ id }) => [step({ type: 'delete_task', id }, `task ${id}`)],

  create_column: ({ id }) => [step({ type: 'delete_column', id }, `column ${id}`)],
  update_column: (command, { view }) => former('column', command.id, command, ['name', 'category', 'wip_limit'], view),
  move_column: ({ id }, { view }) => {
    const rank = view.get('column', id)?.rank
    if (!rank) return []
    const make: Step['make'] = (now, { base }, placed) => {
      const place = putBack({ id, rank, parent: '' }, now.columns.of(''), placed)
      return { type: 'move_column', id, place, base_seq: base }
    }
    return [{ make, touches: [`column ${id} rank`] }]
  },
  delete_column: ({ id, move_to }, { view }) => [
    step({ type: 'restore_column', id }),
    ...view.tasks.of(id).map((task) => fromColumn(task, move_to ?? null)),
  ],
  restore_column: ({ id }) => [step({ type: 'delete_column', id }, `column ${id}`)],

  create_label: ({ id }) => [step({ type: 'delete_label', id }, `label ${id}`)],
  update_label: (command, { view }) => former('label', command.id, command, ['name', 'color'], view),
  delete_label: ({ id }) => [step({ type: 'restore_label', id })],
  restore_label: ({ id }) => [step({ type: 'delete_label', id }, `label ${id}`)],

  add_comment: ({ id }) => [step({ type: 'delete_comment', id }, `comment ${id}`)],
  edit_comment: (command, { view }) => former('comment', command.id, command, ['text'], view),
  delete_comment: ({ id }) => [step({ type: 'restore_comment', id })],
  restore_comment: ({ id }) => [step({ type: 'delete_comment', id }, `comment ${id}`)],

  add_checklist_item: ({ id }) => [step({ type: 'delete_checklist_item', id }, `checklist_item ${id}`)],
  update_checklist_item: (command, { view }) => former('checklist_item', command.id, command, ['text', 'done'], view),
  move_checklist_item: ({ id }, { view }) => {
    const item = view.get('checklist_item', id)
    if (!item) return []
    const { task_id, rank } = item
    const make: Step['make'] = (now, _, placed) => {
      const place = putBack({ id, rank, parent: task_id }, now.checklist.of(task_id), placed)
      return { type: 'move_checklist_item', id, place }
    }
    return [{ make, touches: [`checklist_item ${id} rank`] }]
  },
  delete_checklist_item: ({ id }) => [step({ type: 'restore_checklist_item', id })],
  restore_checklist_item: ({ id }) => [step({ type: 'delete_checklist_item', id }, `checklist_item ${id}`)],

  delete_attachment: ({ id }) => [step({ type: 'restore_attachment', id })],
  restore_attachment: ({ id }) => [step({ type: 'delete_attachment', id }, `attachment ${id}`)],

  add_dependency: ({ task_id, depends_on_id }) => {
    // By its ends, not its id: taken back and made again it has another one.
    const make: Step['make'] = (now) => {
      const link = now.dependencies.of(task_id).find((each) => each.depends_on_id === depends_on_id)
      return link ? { type: 'remove_dependency', id: link.id } : null
    }
    return [{ make, touches: [] }]
  },
  remove_dependency: ({ id }, { view }) => {
    const link = view.get('dependency', id)
    if (!link) return []
    const { task_id, depends_on_id } = link
    return [{ make: () => ({ type: 'add_dependency', id: newId(), task_id, depends_on_id }), touches: [] }]
  },

  update_project: (command, { view }) => {
    const [id] = view.all('project').keys()
    return id === undefined ? [] : former('project', id, command, ['name', 'description', 'background'], view)
  },
  add_member: ({ user_id }) => {
    const make: Step['make'] = (_, { member }) => {
      const id = user_id ?? member
      return id ? { type: 'remove_member', id } : null
    }
    return [{ make, touches: user_id ? [`member ${user_id} role`] : [] }]
  },
  set_member_role: ({ id }, { view }) => {
    const role = view.get('member', id)?.role
    return role ? [step({ type: 'set_member_role', id, role }, `member ${id} role`)] : []
  },
  remove_member: ({ id }, { view }) => {
    const { role, user_id } = view.get('member', id) ?? {}
    return role && user_id ? [step({ type: 'add_member', user_id, role }, `member ${id} role`)] : []
  },

  import_records: () => [], // what it brought is deleted as everything else is
}

/** The steps that take back commands that are about to take effect together, in their order. */
export function inverse(commands: readonly Command[], replica: Replica): readonly Step[] {
  return commands
    .map((command) => INVERSES[command.type](command as never, replica))
    .reverse()
    .flat()
}

function step(command: Command, ...touches: string[]): Step {
  return { make: () => command, touches }
}

/** Back to the present values of those fields that the command sets. */
function former(kind: Kind, id: string, command: Command, names: readonly string[], view: View): Step[] {
  const record = view.get(kind, id) as Record<string, unknown> | undefined
  const given = names.filter((name) => (command as unknown as Record<string, unknown>)[name] !== undefined)
  if (!record || given.length === 0) return []
  const fields = Object.fromEntries(given.map((name) => [name, record[name]]))
  const named = 'id' in command ? { id } : {}
  const make: Step['make'] = (_, { base }) => ({ type: command.type, ...named, ...fields, base_seq: base }) as Command
  return [{ make, touches: given.map((name) => `${kind} ${id} ${name}`) }]
}

/** What gives a set its present members back; undefined when the edit changes nothing. */
function takenBack(present: readonly string[] | undefined, edit: SetEdit | undefined): SetEdit | undefined {
  if (!present || !edit) return undefined
  const add = (edit.remove ?? []).filter((id) => present.includes(id))
  const remove = (edit.add ?? []).filter((id) => !present.includes(id) && !edit.remove?.includes(id))
  return add.length + remove.length > 0 ? { add, remove } : undefined
}

/** Back from the column that took a deleted one's tasks, unless it has left that too. */
function fromColumn({ id, rank, column_id }: Task, taker: string | null): Step {
  const make: Step['make'] = (now, _, placed) => {
    if (now.get('task', id)?.column_id !== taker) return null
    return { type: 'move_task', id, column_id, place: putBack({ id, rank, parent: column_id }, [], placed) }
  }
  return { make, touches: [] }
}

/** Where it stood, among what is there now and what has been put back before it. */
function putBack(it: Placed, siblings: readonly { id: string; rank: string }[], placed: Placed[]): Place {
  const others = [...siblings, ...placed.filter(({ parent }) => parent === it.parent)]
  const later = others.filter(({ id, rank }) => id !== it.id && compare(rank, it.rank) >= 0)
  placed.push(it)
  const [next] = later.sort(byRank)
  return next ? { before: next.id } : 'bottom'
}
