/** Descriptions, comments, checklists and attachments, with the counters that cards show of them. */

import type {
  AddChecklistItem,
  AddComment,
  DeleteAttachment,
  DeleteChecklistItem,
  DeleteComment,
  DescribeTask,
  EditComment,
  MoveChecklistItem,
  Op,
  RestoreAttachment,
  RestoreChecklistItem,
  RestoreComment,
  UpdateChecklistItem,
} from '../../protocol/generated'
import { rankAt } from '../ranks'
import { patch, put, remove, restore, type Context } from './context'

export function describeTask({ id, text }: DescribeTask, context: Context): Op[] {
  const fields = { updated_at: context.at, has_description: text !== '' }
  return [put('description', { id, text }), ...patch(context, 'task', id, fields)]
}

export function addComment({ id, task_id, text }: AddComment, context: Context): Op[] {
  if (context.view.get('comment', id)) return []
  const comment = { id, task_id, author_id: context.me, text, created_at: context.at, edited_at: null }
  return [put('comment', comment), ...counted(context, task_id, { comments: 1 })]
}

export function editComment({ id, text }: EditComment, context: Context): Op[] {
  return patch(context, 'comment', id, { text, edited_at: context.at })
}

export function deleteComment({ id }: DeleteComment, context: Context): Op[] {
  const comment = context.view.get('comment', id)
  return comment ? [...remove(context, 'comment', id), ...counted(context, comment.task_id, { comments: -1 })] : []
}

export function restoreComment({ id }: RestoreComment, context: Context): Op[] {
  const comment = context.recall('comment', id)
  const back = restore(context, 'comment', id)
  return comment && back.length ? [...back, ...counted(context, comment.task_id, { comments: 1 })] : []
}

export function addChecklistItem({ id, task_id, text, place }: AddChecklistItem, context: Context): Op[] {
  const { view } = context
  if (view.get('checklist_item', id)) return []
  const rank = rankAt(view.checklist.of(task_id), place ?? 'bottom')
  return [
    put('checklist_item', { id, task_id, rank, text: text.trim(), done: false }),
    ...counted(context, task_id, { total: 1 }),
  ]
}

export function updateChecklistItem({ id, text, done }: UpdateChecklistItem, context: Context): Op[] {
  const item = context.view.get('checklist_item', id)
  if (!item) return []
  const step = done === undefined ? 0 : Number(done) - Number(item.done)
  return [
    ...patch(context, 'checklist_item', id, { text: text?.trim(), done }),
    ...(step ? counted(context, item.task_id, { done: step }) : []),
  ]
}

export function moveChecklistItem({ id, place }: MoveChecklistItem, context: Context): Op[] {
  const item = context.view.get('checklist_item', id)
  if (!item) return []
  const others = context.view.checklist.of(item.task_id).filter((other) => other.id !== id)
  return patch(context, 'checklist_item', id, { rank: rankAt(others, place) })
}

export function deleteChecklistItem({ id }: DeleteChecklistItem, context: Context): Op[] {
  const item = context.view.get('checklist_item', id)
  if (!item) return []
  const counters = counted(context, item.task_id, { total: -1, done: item.done ? -1 : 0 })
  return [...remove(context, 'checklist_item', id), ...counters]
}

export function restoreChecklistItem({ id }: RestoreChecklistItem, context: Context): Op[] {
  const item = context.recall('checklist_item', id)
  const back = restore(context, 'checklist_item', id)
  return item && back.length ? [...back, ...counted(context, item.task_id, { total: 1, done: item.done ? 1 : 0 })] : []
}

export function deleteAttachment({ id }: DeleteAttachment, context: Context): Op[] {
  const file = context.view.get('attachment', id)
  return file ? [...remove(context, 'attachment', id), ...counted(context, file.task_id, { files: -1 })] : []
}

export function restoreAttachment({ id }: RestoreAttachment, context: Context): Op[] {
  const file = context.recall('attachment', id)
  const back = restore(context, 'attachment', id)
  return file && back.length ? [...back, ...counted(context, file.task_id, { files: 1 })] : []
}

/** A card's counters after so many more. */
function counted(context: Context, id: string, { comments = 0, total = 0, done = 0, files = 0 }): Op[] {
  const task = context.view.get('task', id)
  if (!task) return []
  return patch(context, 'task', id, {
    comment_count: task.comment_count + comments,
    checklist_total: task.checklist_total + total,
    checklist_done: task.checklist_done + done,
    attachment_count: task.attachment_count + files,
  })
}
