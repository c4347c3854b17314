/** Where cards go that are put down together. Pure. */

import type { Command } from '../../protocol/generated'
import { placeAt, type Landing } from './drag.svelte'

/** The moves that bring cards to a landing, in their order; none when they stand there already. `ids`: all cards of that column. */
export function movesTo(lifted: readonly string[], { column, index }: Landing, ids: readonly string[]): Command[] {
  const rest = ids.filter((id) => !lifted.includes(id))
  const after = [...rest.slice(0, index), ...lifted, ...rest.slice(index)]
  if (after.length === ids.length && after.every((id, at) => id === ids[at])) return []
  const first = placeAt(
    rest.map((id) => ({ id })),
    index,
  )
  return lifted.map((id, at) => ({
    type: 'move_task',
    id,
    column_id: column,
    place: at === 0 ? first : { after: lifted[at - 1]! },
  }))
}
