/** What people did, as noun phrases, and what became of it. Part of en.ts. */

import type { Command } from '../protocol/generated'

const LONGEST = 60

/** ` of “Dig the beds”`, or nothing where the name is not known. */
function of(name: string): string {
  if (!name) return ''
  return ` of “${name.length > LONGEST ? `${name.slice(0, LONGEST).trimEnd()}…` : name}”`
}

const kinds: { readonly [T in Command['type']]: string } = {
  create_task: 'creation',
  update_task: 'change',
  move_task: 'move',
  describe_task: 'description',
  archive_task: 'archiving',
  unarchive_task: 'return',
  delete_task: 'deletion',
  restore_task: 'return',
  create_column: 'creation',
  update_column: 'change',
  move_column: 'move',
  delete_column: 'deletion',
  restore_column: 'return',
  create_label: 'creation',
  update_label: 'change',
  delete_label: 'deletion',
  restore_label: 'return',
  add_comment: 'new comment',
  edit_comment: 'edit of a comment',
  delete_comment: 'deletion of a comment',
  restore_comment: 'return of a comment',
  add_checklist_item: 'new checklist item',
  update_checklist_item: 'change of a checklist item',
  move_checklist_item: 'move of a checklist item',
  delete_checklist_item: 'deletion of a checklist item',
  restore_checklist_item: 'return of a checklist item',
  delete_attachment: 'deletion of a file',
  restore_attachment: 'return of a file',
  add_dependency: 'new dependency',
  remove_dependency: 'removal of a dependency',
  update_project: 'change of the board',
  add_member: 'addition',
  set_member_role: 'role',
  remove_member: 'removal',
  import_records: 'import',
}

/** What stands within a card, before the card's own name. */
const inside = /comment|checklist item|file|dependency/

const fields: Readonly<Record<string, string>> = {
  title: 'title',
  priority: 'priority',
  due_at: 'due date',
  start_at: 'start date',
  labels: 'labels',
  assignees: 'people',
  name: 'name',
  category: 'meaning',
  wip_limit: 'limit',
  color: 'colour',
}

function what({ type, name, fields: set }: { type: Command['type']; name: string; fields: readonly string[] }): string {
  if (type === 'update_project') return set[0] === 'name' ? 'name of the board' : kinds[type]
  const single = set.length === 1 && type.startsWith('update_') ? fields[set[0]!] : undefined
  const phrase = type === 'update_checklist_item' ? kinds[type] : (single ?? kinds[type])
  return inside.test(phrase) ? phrase + of(name).replace(' of ', ' in ') : phrase + of(name)
}

export const edits = {
  what,
  undid: (what: string) => `Undid the ${what}`,
  redid: (what: string) => `Did the ${what} again`,
  overtaken: (what: string, who: string) => `The ${what} stays: ${who} changed it since.`,
  refused: (what: string, why: string) => `The ${what} stays. ${why}`,
  nothingToUndo: 'Nothing to undo',
  nothingToRedo: 'Nothing to redo',
}

export const rejected = {
  title: (what: string) => `Not taken: ${what}.`,
  open: 'Open the card',
  kept: 'Your text is kept here.',
  codes: {
    invalid: 'The server did not accept it.',
    not_found: 'What it was about was deleted meanwhile.',
    forbidden: 'Your role on this board does not allow it.',
    conflict: 'Somebody changed the same thing first.',
    blocked: 'The card waits for other cards that are not done.',
    cycle: 'The cards would wait for each other.',
    limit: 'It is more than the board can hold.',
    rate: 'That was too fast. Try again in a moment.',
  } as Record<string, string>,
  other: 'The server could not take it. Try again.',
}
