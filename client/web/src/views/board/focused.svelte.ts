/** The card with the focus keeps it when it is moved: by others, by an undo, into another column or lane. Nothing scrolls for that. */

import { untrack } from 'svelte'
import { on } from 'svelte/events'
import type { Attachment } from 'svelte/attachments'
import { laneAround } from '../shortcuts/focus'
import type { BoardContext } from './context.svelte'

/** What floats over the board gives the focus back, or would if the card had not moved meanwhile. */
const FLOATS = 'dialog, [popover]'

export function keepsFocus(context: BoardContext): Attachment<HTMLElement> {
  return (board) => {
    const take = ({ target }: FocusEvent) => {
      const card = (target as HTMLElement).closest<HTMLElement>('[data-card]')
      if (card) context.hold({ task: card.dataset.card!, lane: laneAround(card) })
      else if (!(target as HTMLElement).closest(FLOATS)) context.hold(null)
    }
    /** Whoever goes elsewhere is not led back; an element that is taken away lets nobody go. */
    const leave = ({ target, relatedTarget }: FocusEvent) =>
      queueMicrotask(() => {
        const taken = relatedTarget === null && !(target as HTMLElement).isConnected
        const now = document.activeElement
        if (!taken && !board.contains(now) && !now?.closest(FLOATS)) context.hold(null)
      })
    const stop = [
      on(board, 'focusin', take),
      on(board, 'focusout', leave),
      on(document, 'close', () => queueMicrotask(() => untrack(() => giveBack(context))), { capture: true }),
    ]
    $effect(() => giveBack(context))
    return () => {
      for (const each of stop) each()
      context.held = null
    }
  }
}

/** Where nothing has the focus, the card that had it gets it. */
function giveBack(context: BoardContext): void {
  const { held, grouping } = context
  const spot = held && grouping.spotOf(held.task, held.lane)
  untrack(() => {
    if (!spot || context.drag.card() || document.activeElement !== document.body) return
    context.focusDrawn(held.task, spot)
  })
}
