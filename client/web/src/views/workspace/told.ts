/** Entries of the audit log in words. Pure. */

import type { AuditEntry } from '../../api/workspaces'
import type { Strings } from '../../strings'

type Words = Strings['workspace']['log']

/** What they did; `board` gives names of boards by id, as far as they are known. */
export function told(entry: AuditEntry, words: Words, board: (id: string) => string | undefined): string {
  const { details, project_id, account_id } = entry
  const text = (field: string) => (typeof details[field] === 'string' ? details[field] : '')
  const say = words.events[entry.event as keyof Words['events']] as Words['events']['bot_created'] | undefined
  if (!say) return words.other
  return say({
    name: text('name') || words.somebody,
    role: text('role'),
    was: text('was'),
    email: text('email'),
    workspace: text('workspace'),
    token: text('token'),
    board: project_id === null ? '' : (board(project_id) ?? '…'),
    self: details.of === account_id,
  })
}
