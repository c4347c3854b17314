/** Choosing cards by keyboard: x takes the focused one in or out, Shift with an arrow goes on to the next, Esc chooses none. */

import { laneAround } from '../shortcuts/focus'
import type { BoardContext } from './context.svelte'

/** Whether the key was one of these. */
export function choose(event: KeyboardEvent, context: BoardContext): boolean {
  const { selection } = context
  const { target, key, shiftKey } = event
  const title = target instanceof HTMLElement && target.matches('.title')
  const id = title ? target.closest<HTMLElement>('[data-card]')?.dataset.card : undefined
  if (key === 'Escape' && selection.any) return done(selection.clear())
  if (!id || !context.may('update_task')) return false
  if (key === 'x') return done(selection.toggle(id))
  if (!shiftKey || (key !== 'ArrowUp' && key !== 'ArrowDown')) return false
  const lane = laneAround(target as Element)
  const spot = context.grouping.spotOf(id, lane)
  const ids = spot ? context.grouping.idsAt(spot) : []
  const next = ids[ids.indexOf(id) + (key === 'ArrowUp' ? -1 : 1)]
  selection.extend(id, ids)
  if (next) {
    selection.extend(next, ids)
    void context.focusCard(next, lane)
  }
  return true
}

function done(_: void): true {
  return true
}
