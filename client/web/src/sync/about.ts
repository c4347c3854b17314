/** What an edit is about, for those who put it into words. */

import type { Command } from '../protocol/generated'
import type { View } from './view'

export interface About {
  readonly type: Command['type']
  /** The name or title of what it concerns, of its task for what is inside one; empty when that is not known. */
  readonly name: string
  /** The task it concerns, or that what it concerns is inside of; null when it is about something else. */
  readonly task: string | null
  /** What it sets. */
  readonly fields: readonly string[]
}

const PARTS = ['comment', 'checklist_item', 'attachment', 'dependency'] as const
const NO_FIELDS: ReadonlySet<string> = new Set(['type', 'id', 'base_seq'])

/** Of commands that take effect together the first one speaks. Ask before they take effect, or their records are gone. */
export function aboutOf([command]: readonly Command[], view: View): About {
  const fields = Object.keys(command!).filter((field) => !NO_FIELDS.has(field))
  const task = taskOf(command!, view)
  return { type: command!.type, name: nameOf(command!, task, view) ?? '', task, fields }
}

function taskOf(command: Command, view: View): string | null {
  const { id = '', task_id } = command as { id?: string; task_id?: string }
  const inside = PARTS.map((kind) => view.get(kind, id)).find((part) => part)
  return task_id ?? inside?.task_id ?? (command.type.endsWith('_task') ? id : null)
}

function nameOf(command: Command, task: string | null, view: View): string | undefined {
  const named = command as { id?: string; user_id?: string; title?: string; name?: string }
  const id = named.user_id ?? named.id ?? ''
  const other = view.get('column', id) ?? view.get('label', id) ?? view.get('member', id)
  return view.get('task', task ?? id)?.title ?? other?.name ?? named.title ?? named.name
}
