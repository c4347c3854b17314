/** A first board for somebody who has none: real cards that say what they can do, made by commands like any other. */

import type { Command } from '../../protocol/generated'
import type { Strings } from '../../strings'
import { newId } from '../../sync/ids'

/** `today` is the person's calendar day. */
export function guide(words: Strings['onBoard']['guide'], me: string, today: string): readonly Command[] {
  const [todo, doing, done, label] = [newId(), newId(), newId(), newId()]
  const card = (column_id: string, [title, description]: readonly [string, string], more: object = {}) =>
    ({ type: 'create_task', id: newId(), column_id, title, description, ...more }) as const
  const { move, open, add, find, invite, made, end } = words.cards
  const opened = card(todo, open, { label_ids: [label], priority: 3 })
  return [
    { type: 'create_column', id: todo, name: words.todo, category: 'todo' },
    { type: 'create_column', id: doing, name: words.doing, category: 'in_progress' },
    { type: 'create_column', id: done, name: words.done, category: 'completed' },
    { type: 'create_label', id: label, name: words.label, color: 'teal' },
    card(todo, move, { label_ids: [label] }),
    opened,
    ...words.steps.map((text): Command => ({
      type: 'add_checklist_item',
      id: newId(),
      task_id: opened.id,
      text,
      place: 'bottom',
    })),
    card(todo, add),
    card(todo, find),
    card(doing, invite, { assignee_ids: [me], due_at: today }),
    card(done, made, { assignee_ids: [me] }),
    card(todo, end),
  ]
}
