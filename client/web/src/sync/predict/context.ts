/** What a prediction is made from, and the ops it is made of. */

import type { Category, Kind, Op, RecordOf } from '../../protocol/generated'
import type { View } from '../view'

export interface Context {
  /** Our own member id, null before it is known. */
  readonly me: string | null
  /** When the command was made, RFC 3339. */
  readonly at: string
  /** The board with all earlier predictions. */
  readonly view: View
  /** A record that was removed lately, or is removed by a prediction. */
  readonly recall: <K extends Kind>(kind: K, id: string) => RecordOf[K] | undefined
}

export function put<K extends Kind>(kind: K, record: RecordOf[K]): Op {
  return { op: 'put', kind, record } as Op
}

/** Changes those fields that have a value. No op when the record is not there. */
export function patch<K extends Kind>(
  { view }: Context,
  kind: K,
  id: string,
  fields: { [F in keyof RecordOf[K]]?: RecordOf[K][F] | undefined },
): Op[] {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  if (!view.get(kind, id) || Object.keys(given).length === 0) return []
  return [{ op: 'patch', kind, id, fields: given } as Op]
}

export function remove({ view }: Context, kind: Kind, id: string): Op[] {
  return view.get(kind, id) ? [{ op: 'remove', kind, id }] : []
}

/** Puts a removed record back. */
export function restore({ view, recall }: Context, kind: Kind, id: string): Op[] {
  const record = view.get(kind, id) ? undefined : recall(kind, id)
  return record ? [put(kind, record)] : []
}

/** When a task that enters a column of this category was completed; undefined when that stays as it is. */
export function completion(completedAt: string | null, category: Category, at: string): string | null | undefined {
  if (category === 'completed') return completedAt === null ? at : undefined
  return completedAt === null ? undefined : null
}
