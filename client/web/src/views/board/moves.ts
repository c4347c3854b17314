/** Where cards go that are put down together. Pure. */

import type { Command } from '../../protocol/generated'
import { placeAt, type Landing } from './drag.svelte'

/**
 * The moves that bring cards to a landing, in their order; none when they stand there already. `ids`: what is shown of
 * that spot, `all`: of its whole column.
 */
export function movesTo(
  lifted: readonly string[],
  { column, index }: Landing,
  ids: readonly string[],
  all: readonly string[] = ids,
): Command[] {
  const rest = ids.filter((id) => !lifted.includes(id))
  if (standSo([...rest.slice(0, index), ...lifted, ...rest.slice(index)], all)) return []
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

/** Whether all of them are there, in this order. */
function standSo(ids: readonly string[], all: readonly string[]): boolean {
  let at = -1
  return ids.every((id) => (at = all.indexOf(id, at + 1)) >= 0)
}
