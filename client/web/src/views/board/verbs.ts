/** Edits that take something away: they say what was done and offer to undo it. */

import type { Attachment, ChecklistItem, Column, Command, Comment, Label, Task } from '../../protocol/generated'
import { t } from '../../strings'
import { say } from '../parts/toasts.svelte'
import type { BoardContext } from './context.svelte'
import { undo } from './undo'

export function deleteTask(context: BoardContext, task: Task): void {
  undoable(context, { type: 'delete_task', id: task.id }, t.card.deleted(task.title))
}

/** Where a card goes when it is done, or to be done again; undefined where the board has no such column. */
export function finish({ board }: BoardContext, task: Task): Column | undefined {
  const done = ({ category }: Column) => category === 'completed'
  const { columns } = board.store
  if (!task.completed_at) return columns.find(done)
  return columns.find(({ category }) => category === 'todo') ?? columns.find((column) => !done(column))
}

/** Done, or to be done again. */
export function completeTask(context: BoardContext, task: Task): void {
  const column = finish(context, task)
  if (!column) return
  const words = task.completed_at ? t.onBoard.reopened : t.onBoard.completed
  undoable(context, { type: 'move_task', id: task.id, column_id: column.id, place: 'top' }, words(task.title))
}

/** All of them in one, to be taken back in one. */
export function deleteTasks(context: BoardContext, ids: readonly string[]): void {
  const commands = ids.map((id): Command => ({ type: 'delete_task', id }))
  undoable(context, commands, t.onBoard.select.deleted(ids.length))
}

export function archiveTasks(context: BoardContext, ids: readonly string[]): void {
  const [task] = ids.length === 1 ? [context.board.store.task(ids[0]!)] : []
  const commands = ids.map((id): Command => ({ type: 'archive_task', id }))
  undoable(context, commands, task ? t.onBoard.archivedOne(task.title) : t.onBoard.select.archived(ids.length))
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

export function deleteAttachment(context: BoardContext, file: Attachment): void {
  undoable(context, { type: 'delete_attachment', id: file.id }, t.sheet.files.removed(file.name))
}

export function deleteLabel(context: BoardContext, label: Label): void {
  undoable(context, { type: 'delete_label', id: label.id }, t.label.deleted(label.name))
}

function undoable(context: BoardContext, command: Command | readonly Command[], text: string): void {
  context.submit(command)
  const edit = context.board.history.last
  say(text, { action: { label: t.undo, run: () => undo(context, edit) } })
}
