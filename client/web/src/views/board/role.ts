/** What becomes of an open board when our role on it changes, or our place on it ends. Not here: what a role may do (context). */

import { untrack } from 'svelte'
import type { Ending } from '../../store/types'
import { t } from '../../strings'
import { ask } from '../palette/asked.svelte'
import { dismiss, toasts } from '../parts/toasts.svelte'
import type { BoardContext } from './context.svelte'

/** What is to be run as an effect: when editing is taken from us, all that edits closes. */
export function roleFollower(context: BoardContext): () => void {
  let edited = false
  return () => {
    const { role } = context.board.store
    const edits = context.may('update_task')
    if (edits) untrack(() => context.dismissDemoted())
    else if (edited && (role === 'viewer' || role === 'commenter')) untrack(() => demote(context, role))
    edited = edits
  }
}

function demote(context: BoardContext, role: 'viewer' | 'commenter'): void {
  context.demote(role)
  ask(null)
  for (const floating of document.querySelectorAll<HTMLElement>(':popover-open')) floating.hidePopover()
  for (const { id, action } of toasts()) if (action) dismiss(id)
}

/** What the page of a board says when there is no board any more. */
export function goneWords(ending: Ending | null): { title: string; hint: string } {
  const words = t.people.gone
  switch (ending?.kind) {
    case 'removed':
      return { title: words.removed, hint: words.removedHint(ending.by) }
    case 'deleted':
      return { title: words.deleted, hint: words.deletedHint(ending.by) }
    case undefined:
      return { title: t.errors.notFound, hint: t.errors.notFoundHint }
  }
}
