/** Edits that take something away: they say what was done and offer to undo it. */

import type { ChecklistItem, Column, Command, Comment, Label, Task } from '../../protocol/generated'
import { t } from '../../strings'
import { say } from '../parts/toasts.svelte'
import type { BoardContext } from './context.svelte'
import { undo } from './undo'

export function deleteTask(context: BoardContext, task: Task): void {
  undoable(context, { type: 'delete_task', id: task.id }, t.card.deleted(task.title))
}

/** With the column its cards go to, where it holds any. */
export function deleteColumn(context: BoardContext, column: Column, move_to: string | null): void {
  undoable(context, { type: 'delete_column', id: column.id, move_to }, t.column.deleted(column.name))
}

export function deleteComment(context: BoardContext, comment: Comment): void {
  undoable(context, { type: 'delete_comment', id: comment.id }, t.task.commentDeleted)
}

export function deleteItem(context: BoardContext, item: ChecklistItem): void {
  undoable(context, { type: 'delete_checklist_item', id: item.id }, t.task.itemDeleted)
}

export function deleteLabel(context: BoardContext, label: Label): void {
  undoable(context, { type: 'delete_label', id: label.id }, t.label.deleted(label.name))
}

function undoable(context: BoardContext, command: Command, text: string): void {
  context.submit(command)
  const edit = context.board.history.last
  say(text, { action: { label: t.undo, run: () => undo(context, edit) } })
}
