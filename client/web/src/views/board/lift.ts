/** Making cards and columns draggable: what is lifted, and the picture that follows the pointer. */

import { draggable } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { preserveOffsetOnSource } from '@atlaskit/pragmatic-drag-and-drop/utils/preserve-offset-on-source'
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/utils/set-custom-native-drag-preview'
import type { Attachment } from 'svelte/attachments'
import type { BoardContext } from './context.svelte'
import type { Drag } from './drag.svelte'

/** Lets a card be lifted, with all that are chosen. The drag ends at the board's monitor. */
export function liftable(id: string, lane: string | null, context: BoardContext): Attachment<HTMLElement> {
  return (element) =>
    draggable({
      element,
      getInitialData: () => ({ card: id }),
      onGenerateDragPreview: ({ nativeSetDragImage, location }) =>
        setCustomNativeDragPreview({
          nativeSetDragImage,
          getOffset: preserveOffsetOnSource({ element, input: location.current.input }),
          render: ({ container }) => container.append(pictureOf(element, countWith(id, context))),
        }),
      onDragStart: () => context.lift(id, lane, element.offsetHeight, false),
    })
}

/** Lets a column be lifted by its head. */
export function liftableColumn(id: string, handle: () => HTMLElement | undefined, drag: Drag): Attachment<HTMLElement> {
  return (element) => {
    const dragHandle = handle()
    return draggable({
      element,
      ...(dragHandle ? { dragHandle } : {}),
      canDrag: () => element.querySelector('header textarea') === null,
      getInitialData: () => ({ column: id }),
      onDragStart: () => (drag.lifted = { kind: 'column', id }),
    })
  }
}

function countWith(id: string, { selection }: BoardContext): number {
  return selection.has(id) ? selection.ids.length : 1
}

/** A copy of the card, tilted a little as if held; of several, with their number. */
function pictureOf(element: HTMLElement, count: number): HTMLElement {
  const { width, height } = element.getBoundingClientRect()
  const picture = element.cloneNode(true) as HTMLElement
  picture.removeAttribute('data-card')
  picture.style.width = `${width}px`
  picture.style.height = `${height}px`
  picture.style.listStyle = 'none'
  picture.style.rotate = '2deg'
  picture.style.borderColor = 'var(--n8)'
  if (count > 1) picture.append(badgeOf(count))
  return picture
}

function badgeOf(count: number): HTMLElement {
  const badge = document.createElement('b')
  badge.textContent = String(count)
  badge.style.cssText = `position: absolute; inset: -1px -1px auto auto; padding: 2px 8px; border-radius: 0 8px;
    background: var(--accent); color: var(--on-accent)`
  return badge
}
