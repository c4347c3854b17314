import type {
  Category,
  CreateColumn,
  DeleteColumn,
  MoveColumn,
  Op,
  RestoreColumn,
  UpdateColumn,
} from '../../protocol/generated'
import { rankAt, spread } from '../ranks'
import { completion, patch, put, remove, restore, type Context } from './context'

export function createColumn(command: CreateColumn, context: Context): Op[] {
  const { view } = context
  if (view.get('column', command.id)) return []
  const column = {
    id: command.id,
    name: command.name.trim(),
    rank: rankAt(view.columns.of(''), command.place ?? 'bottom'),
    category: command.category ?? 'todo',
    wip_limit: command.wip_limit ?? null,
  }
  return [put('column', column)]
}

export function updateColumn(command: UpdateColumn, context: Context): Op[] {
  const { id, category } = command
  const fields = { name: command.name?.trim(), category, wip_limit: command.wip_limit }
  return [...patch(context, 'column', id, fields), ...(category ? recategorised(id, category, context) : [])]
}

export function moveColumn(command: MoveColumn, context: Context): Op[] {
  const others = context.view.columns.of('').filter(({ id }) => id !== command.id)
  return patch(context, 'column', command.id, { rank: rankAt(others, command.place) })
}

/** A column with tasks and nowhere to move them is left alone: the server will refuse. */
export function deleteColumn(command: DeleteColumn, context: Context): Op[] {
  const { view } = context
  const tasks = view.tasks.of(command.id)
  const target = command.move_to ? view.get('column', command.move_to) : undefined
  if (tasks.length > 0 && (!target || target.id === command.id)) return []
  return [...(target ? emptied(command.id, target, context) : []), ...remove(context, 'column', command.id)]
}

export function restoreColumn(command: RestoreColumn, context: Context): Op[] {
  return restore(context, 'column', command.id)
}

/** The tasks of a column that goes, at the bottom of another one, in their order. */
function emptied(from: string, target: { id: string; category: Category }, context: Context): Op[] {
  const { view, at } = context
  const tasks = view.tasks.of(from)
  const ranks = spread(view.tasks.of(target.id).at(-1)?.rank ?? null, null, tasks.length)
  return tasks.flatMap((task, i) =>
    patch(context, 'task', task.id, {
      column_id: target.id,
      rank: ranks[i],
      completed_at: completion(task.completed_at, target.category, at),
      updated_at: at,
    }),
  )
}

function recategorised(column: string, category: Category, context: Context): Op[] {
  const { view, at } = context
  return view.tasks
    .of(column)
    .flatMap((task) => patch(context, 'task', task.id, { completed_at: completion(task.completed_at, category, at) }))
}
