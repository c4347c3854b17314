/** Moving cards by keyboard: Space lifts what is meant, arrows carry it, Space puts it down, Esc gives it back. Each step is announced. */

import { tick } from 'svelte'
import { t } from '../../strings'
import { laneAround } from '../shortcuts/focus'
import { announce } from './announce.svelte'
import { keyOf } from '../lanes/lanes'
import type { BoardContext } from './context.svelte'

/** Whether the key was one of these. */
export function carry(event: KeyboardEvent, context: BoardContext): boolean {
  const { drag } = context
  if (!drag.carried) return event.key === ' ' && lift(event, context)
  if (event.key === ' ' || event.key === 'Enter') put(context)
  else if (event.key === 'Escape') give(context)
  else if (event.key === 'ArrowUp') along(context, -1)
  else if (event.key === 'ArrowDown') along(context, 1)
  else if (event.key === 'ArrowLeft') across(context, forward() ? -1 : 1)
  else if (event.key === 'ArrowRight') across(context, forward() ? 1 : -1)
  else return event.key === 'Tab'
  return true
}

function lift({ target }: KeyboardEvent, context: BoardContext): boolean {
  const card =
    target instanceof HTMLElement && target.matches('.title') ? target.closest<HTMLElement>('[data-card]') : null
  const id = card?.dataset.card
  if (!card || !id || !context.may('move_task')) return false
  context.lift(id, laneAround(card), card.offsetHeight, true)
  void show(context, t.onBoard.carry.lifted(context.drag.card()!.ids.length))
  return true
}

function put(context: BoardContext): void {
  const { drag } = context
  const card = drag.card()!
  const { lane } = drag.landing!
  announce(t.onBoard.carry.dropped(where(context)))
  context.drop()
  drag.end()
  void context.focusCard(card.id, lane)
}

function give(context: BoardContext): void {
  const card = context.drag.card()!
  context.drag.end()
  announce(t.onBoard.carry.cancelled)
  void context.focusCard(card.id, card.lane)
}

/** Past the ends of a lane into the next. */
function along(context: BoardContext, by: 1 | -1): void {
  const { drag, grouping } = context
  const { index, ...spot } = drag.landing!
  const next = index + by
  const lane = next < 0 || next > context.placesAt(spot) ? grouping.beside(spot.lane, by) : spot.lane
  const there = { ...spot, lane }
  const last = context.placesAt(there)
  if (lane === spot.lane) drag.land(there, Math.max(0, Math.min(last, next)))
  else drag.land(there, by > 0 ? 0 : last)
  void show(context)
}

/** Into the next column, at the same height. */
function across(context: BoardContext, by: number): void {
  const { column: from, lane } = context.drag.landing!
  const columns = context.board.store.columns.filter(({ id }) => id === from || !context.folded.has(id))
  const next = columns[columns.findIndex(({ id }) => id === from) + by]
  if (!next) return
  const height = document.querySelector('[data-gap]')?.getBoundingClientRect().top ?? 0
  const spot = { column: next.id, lane }
  context.drag.land(spot, context.panes.get(keyOf(spot))?.landing(height, context.drag.isLifted) ?? 0)
  void show(context)
}

/** The gap has the focus while something is carried. */
async function show(context: BoardContext, before = ''): Promise<void> {
  announce([before, where(context)].filter(Boolean).join(' '))
  await tick()
  const gap = document.querySelector<HTMLElement>('[data-gap]')
  gap?.focus({ preventScroll: true })
  gap?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

function where({ drag, board, grouping }: BoardContext): string {
  const { index, ...spot } = drag.landing!
  const count = drag.othersIn(grouping.idsAt(spot)).length
  const column = board.store.column(spot.column)?.name ?? ''
  const lane = spot.lane === null ? undefined : grouping.lane(spot.lane)?.name
  return t.onBoard.carry.at(lane === undefined ? column : t.views.lanes.cell(lane, column), index + 1, count + 1)
}

function forward(): boolean {
  return getComputedStyle(document.documentElement).direction === 'ltr'
}
