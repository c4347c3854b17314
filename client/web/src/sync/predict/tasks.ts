import type {
  ArchiveTask,
  CreateTask,
  DeleteTask,
  MoveTask,
  Op,
  RestoreTask,
  SetEdit,
  Task,
  UnarchiveTask,
  UpdateTask,
} from '../../protocol/generated'
import { PRIORITY_DEFAULT } from '../../protocol/generated'
import { rankAt } from '../ranks'
import { completion, patch, put, remove, restore, type Context } from './context'

/** A task the server has not numbered yet. */
export const UNNUMBERED = 0

export function createTask(command: CreateTask, context: Context): Op[] {
  const { view, at } = context
  const column = view.get('column', command.column_id)
  if (!column || view.get('task', command.id)) return []
  const task: Task = {
    id: command.id,
    number: UNNUMBERED,
    column_id: column.id,
    rank: rankAt(view.tasks.of(column.id), command.place ?? 'bottom'),
    title: command.title.trim(),
    priority: command.priority ?? PRIORITY_DEFAULT,
    label_ids: command.label_ids ?? [],
    assignee_ids: command.assignee_ids ?? [],
    start_at: command.start_at ?? null,
    due_at: command.due_at ?? null,
    completed_at: column.category === 'completed' ? at : null,
    archived_at: null,
    created_at: at,
    created_by: context.me,
    updated_at: at,
    comment_count: 0,
    checklist_total: 0,
    checklist_done: 0,
    attachment_count: 0,
    has_description: Boolean(command.description),
  }
  return [put('task', task)]
}

export function updateTask(command: UpdateTask, context: Context): Op[] {
  const task = context.view.get('task', command.id)
  if (!task) return []
  return patch(context, 'task', task.id, {
    title: command.title?.trim(),
    priority: command.priority === null ? PRIORITY_DEFAULT : command.priority,
    start_at: command.start_at,
    due_at: command.due_at,
    label_ids: command.labels && edited(task.label_ids, command.labels),
    assignee_ids: command.assignees && edited(task.assignee_ids, command.assignees),
    updated_at: context.at,
  })
}

export function moveTask(command: MoveTask, context: Context): Op[] {
  const { view, at } = context
  const task = view.get('task', command.id)
  const column = view.get('column', command.column_id)
  if (!task || !column) return []
  const others = view.tasks.of(column.id).filter(({ id }) => id !== task.id)
  return patch(context, 'task', task.id, {
    column_id: column.id,
    rank: rankAt(others, command.place),
    completed_at: completion(task.completed_at, column.category, at),
    updated_at: at,
  })
}

export function archiveTask(command: ArchiveTask, context: Context): Op[] {
  return patch(context, 'task', command.id, { archived_at: context.at, updated_at: context.at })
}

export function unarchiveTask(command: UnarchiveTask, context: Context): Op[] {
  return patch(context, 'task', command.id, { archived_at: null, updated_at: context.at })
}

export function deleteTask(command: DeleteTask, context: Context): Op[] {
  const { view } = context
  const tied = [...view.dependencies.of(command.id), ...view.dependents.of(command.id)]
  return [...tied.flatMap(({ id }) => remove(context, 'dependency', id)), ...remove(context, 'task', command.id)]
}

export function restoreTask(command: RestoreTask, context: Context): Op[] {
  return restore(context, 'task', command.id)
}

/** A set after an edit; what is added comes last. */
function edited(ids: readonly string[], { add = [], remove = [] }: SetEdit): readonly string[] {
  return [...new Set([...ids, ...add])].filter((id) => !remove.includes(id))
}
