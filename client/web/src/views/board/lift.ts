/** Making cards and columns draggable: what is lifted, and the picture that follows the pointer. */

import { draggable } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { preserveOffsetOnSource } from '@atlaskit/pragmatic-drag-and-drop/utils/preserve-offset-on-source'
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/utils/set-custom-native-drag-preview'
import type { Attachment } from 'svelte/attachments'
import type { Drag, Landing } from './drag.svelte'

/** Lets a card be lifted; the gap opens where it stood (`home`). The drag ends at the board's monitor. */
export function liftable(id: string, drag: Drag, home: () => Landing): Attachment<HTMLElement> {
  return (element) =>
    draggable({
      element,
      getInitialData: () => ({ card: id }),
      onGenerateDragPreview: ({ nativeSetDragImage, location }) =>
        setCustomNativeDragPreview({
          nativeSetDragImage,
          getOffset: preserveOffsetOnSource({ element, input: location.current.input }),
          render: ({ container }) => container.append(pictureOf(element)),
        }),
      onDragStart: () => {
        drag.lifted = { kind: 'card', id, height: element.offsetHeight }
        drag.landing = home()
      },
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

/** A copy of the card, tilted a little as if held. */
function pictureOf(element: HTMLElement): HTMLElement {
  const { width, height } = element.getBoundingClientRect()
  const picture = element.cloneNode(true) as HTMLElement
  picture.removeAttribute('data-card')
  picture.style.width = `${width}px`
  picture.style.height = `${height}px`
  picture.style.listStyle = 'none'
  picture.style.rotate = '2deg'
  picture.style.borderColor = 'var(--n8)'
  return picture
}
