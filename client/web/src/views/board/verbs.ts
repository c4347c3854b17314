/** Edits that take more than a command: they say what was done and offer to undo it. */

import type { ChecklistItem, Comment, Label, Task } from '../../protocol/generated'
import { t } from '../../strings'
import { say } from '../parts/toasts.svelte'
import type { BoardContext } from './context.svelte'

export function deleteTask(context: BoardContext, task: Task): void {
  context.submit({ type: 'delete_task', id: task.id })
  undoable(t.card.deleted(task.title), () => context.submit({ type: 'restore_task', id: task.id }))
}

export function deleteComment(context: BoardContext, comment: Comment): void {
  context.submit({ type: 'delete_comment', id: comment.id })
  undoable(t.task.commentDeleted, () => context.submit({ type: 'restore_comment', id: comment.id }))
}

export function deleteItem(context: BoardContext, item: ChecklistItem): void {
  context.submit({ type: 'delete_checklist_item', id: item.id })
  undoable(t.task.itemDeleted, () => context.submit({ type: 'restore_checklist_item', id: item.id }))
}

export function deleteLabel(context: BoardContext, label: Label): void {
  context.submit({ type: 'delete_label', id: label.id })
  undoable(t.label.deleted(label.name), () => context.submit({ type: 'restore_label', id: label.id }))
}

function undoable(text: string, run: () => void): void {
  say(text, { label: t.undo, run })
}
