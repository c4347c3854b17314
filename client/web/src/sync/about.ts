/** What an edit is about, for those who put it into words. */

import type { Command } from '../protocol/generated'
import type { View } from './view'

export interface About {
  readonly type: Command['type']
  /** The name or title of what it concerns, of its task for what is inside one; empty when that is not known. */
  readonly name: string
  /** What it sets. */
  readonly fields: readonly string[]
}

const NO_FIELDS: ReadonlySet<string> = new Set(['type', 'id', 'base_seq'])

/** Of commands that take effect together the first one speaks. Ask before they take effect, or their records are gone. */
export function aboutOf([command]: readonly Command[], view: View): About {
  const fields = Object.keys(command!).filter((field) => !NO_FIELDS.has(field))
  return { type: command!.type, name: nameOf(command!, view) ?? '', fields }
}

function nameOf(command: Command, view: View): string | undefined {
  const named = command as { id?: string; task_id?: string; user_id?: string; title?: string; name?: string }
  const id = named.task_id ?? named.user_id ?? named.id ?? ''
  const inside = view.get('comment', id) ?? view.get('checklist_item', id) ?? view.get('dependency', id)
  const task = view.get('task', inside?.task_id ?? id)
  const other = view.get('column', id) ?? view.get('label', id) ?? view.get('member', id)
  return task?.title ?? other?.name ?? named.title ?? named.name
}
