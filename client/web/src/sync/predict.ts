/**
 * What a command will most likely change, as ops, so that it shows in the same frame. The server's change replaces it:
 * a prediction need not be right, but it never throws. No ops: nothing is shown before the answer.
 */

import type { Command, Op } from '../protocol/generated'
import * as board from './predict/board'
import * as columns from './predict/columns'
import type { Context } from './predict/context'
import * as details from './predict/details'
import * as tasks from './predict/tasks'

type Predictions = {
  readonly [T in Command['type']]: (command: Extract<Command, { type: T }>, context: Context) => readonly Op[]
}

const PREDICTIONS: Predictions = {
  create_task: tasks.createTask,
  update_task: tasks.updateTask,
  move_task: tasks.moveTask,
  archive_task: tasks.archiveTask,
  unarchive_task: tasks.unarchiveTask,
  delete_task: tasks.deleteTask,
  restore_task: tasks.restoreTask,

  create_column: columns.createColumn,
  update_column: columns.updateColumn,
  move_column: columns.moveColumn,
  delete_column: columns.deleteColumn,
  restore_column: columns.restoreColumn,

  describe_task: details.describeTask,
  add_comment: details.addComment,
  edit_comment: details.editComment,
  delete_comment: details.deleteComment,
  restore_comment: details.restoreComment,
  add_checklist_item: details.addChecklistItem,
  update_checklist_item: details.updateChecklistItem,
  move_checklist_item: details.moveChecklistItem,
  delete_checklist_item: details.deleteChecklistItem,
  restore_checklist_item: details.restoreChecklistItem,
  delete_attachment: details.deleteAttachment,
  restore_attachment: details.restoreAttachment,

  create_label: board.createLabel,
  update_label: board.updateLabel,
  delete_label: board.deleteLabel,
  restore_label: board.restoreLabel,
  add_dependency: board.addDependency,
  remove_dependency: board.removeDependency,
  update_project: board.updateProject,
  set_member_role: board.setMemberRole,
  remove_member: board.removeMember,

  add_member: nothing, // the server knows the name
  import_records: nothing, // many and rare
}

export function predict(command: Command, context: Context): readonly Op[] {
  const predictions: Record<string, ((command: never, context: Context) => readonly Op[]) | undefined> = PREDICTIONS
  const prediction = predictions[command.type] ?? nothing // a shelf may hold what another version of this page has made
  return prediction(command as never, context)
}

function nothing(): readonly Op[] {
  return []
}
