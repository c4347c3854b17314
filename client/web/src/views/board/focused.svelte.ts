/** The card with the focus keeps it when it is moved: by others, by an undo, into another column or lane. Nothing scrolls for that. */

import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { laneAround } from '../shortcuts/focus'
import type { BoardContext } from './context.svelte'

export function keepsFocus(context: BoardContext): Attachment<HTMLElement> {
  return (board) => {
    const take = ({ target }: FocusEvent) => {
      const card = (target as HTMLElement).closest<HTMLElement>('[data-card]')
      context.held = card ? { task: card.dataset.card!, lane: laneAround(card) } : null
    }
    /** Whoever goes elsewhere is not led back; an element that is taken away lets nobody go. */
    const leave = ({ target, relatedTarget }: FocusEvent) =>
      queueMicrotask(() => {
        const gone = relatedTarget === null && !(target as HTMLElement).isConnected
        if (!gone && !board.contains(document.activeElement)) context.held = null
      })
    board.addEventListener('focusin', take)
    board.addEventListener('focusout', leave)
    $effect(() => follow(context))
    return () => {
      board.removeEventListener('focusin', take)
      board.removeEventListener('focusout', leave)
    }
  }
}

function follow(context: BoardContext): void {
  const { held, grouping } = context
  const spot = held && grouping.spotOf(held.task, held.lane)
  untrack(() => {
    if (!spot || context.drag.card() || document.activeElement !== document.body) return
    context.focusDrawn(held.task, spot)
  })
}
