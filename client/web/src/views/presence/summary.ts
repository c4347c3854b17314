/** What changes come to, in numbers of cards. Pure. */

import type { Change, Op } from '../../protocol/generated'

export interface Summary {
  /** Who did it, those who did most first. */
  readonly people: readonly string[]
  /** So many cards. One that was made and moved counts as made. */
  readonly added: number
  readonly completed: number
  readonly moved: number
  readonly deleted: number
  readonly commented: number
  readonly changed: number
}

type Kind = Exclude<keyof Summary, 'people'>

/** What counts most of what became of one card. */
const ORDER: readonly Kind[] = ['deleted', 'added', 'completed', 'moved', 'changed']

export function summaryOf(changes: readonly Change[]): Summary {
  const people = new Map<string, number>()
  const cards = new Map<string, Kind>()
  let commented = 0
  for (const { actor, ops } of changes) {
    people.set(actor.name, (people.get(actor.name) ?? 0) + 1)
    for (const op of ops) {
      if (op.kind === 'comment' && op.op === 'put') commented += 1
      if (op.kind !== 'task') continue
      const id = op.op === 'put' ? op.record.id : op.id
      const kind = kindOf(op)
      const before = cards.get(id)
      if (before === 'added' && kind === 'deleted') cards.delete(id)
      else if (!before || ORDER.indexOf(kind) < ORDER.indexOf(before)) cards.set(id, kind)
    }
  }
  const count = (kind: Kind) => [...cards.values()].filter((each) => each === kind).length
  const names = [...people].sort(([, a], [, b]) => b - a).map(([name]) => name)
  const [added, completed, moved, deleted, changed] = (
    ['added', 'completed', 'moved', 'deleted', 'changed'] as const
  ).map(count) as [number, number, number, number, number]
  return { people: names, added, completed, moved, deleted, commented, changed }
}

function kindOf(op: Op): Kind {
  if (op.op !== 'patch') return op.op === 'put' ? 'added' : 'deleted'
  if (op.kind !== 'task') return 'changed'
  if (op.fields.completed_at) return 'completed'
  return op.fields.column_id ? 'moved' : 'changed'
}
