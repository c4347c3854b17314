/** Which cards were deleted, read from changes. Pure. */

import type { Change } from '../../protocol/generated'

export interface Deleted {
  readonly id: string
  /** Null when these changes do not tell. */
  readonly title: string | null
  readonly at: string
  readonly by: string
}

/** Those that are still gone, the latest first. */
export function deletedIn(changes: readonly Change[], isThere: (id: string) => boolean): readonly Deleted[] {
  const titles = new Map<string, string>()
  const deleted = new Map<string, Deleted>()
  for (const { ops, at, actor } of changes)
    for (const op of ops) {
      if (op.kind !== 'task') continue
      if (op.op === 'put') titles.set(op.record.id, op.record.title)
      else if (op.op === 'patch' && op.fields.title) titles.set(op.id, op.fields.title)
      else if (op.op === 'remove') {
        deleted.delete(op.id)
        deleted.set(op.id, { id: op.id, title: titles.get(op.id) ?? null, at, by: actor.name })
      }
    }
  return [...deleted.values()].filter(({ id }) => !isThere(id)).reverse()
}
