/**
 * Dragging by touch: a long press on something draggable is made into the browser's own drag events, so that a finger
 * drags whatever a mouse does, with the same gaps, scrolling and drops. Browsers make these events of touches in
 * different ways, or not at all. A swipe still scrolls and a tap still opens. Not here: what is draggable, and where to.
 */

/** Shorter is a tap, and less than the browser takes before it shows a menu of its own. */
const HOLD_MS = 350
/** A finger is never quite still, in CSS pixels. */
const SLACK_PX = 10
/** As often a browser says that something is held, even when it is held still: what is below may scroll. */
const AGAIN_MS = 50
/** These have long presses of their own. */
const WRITTEN = 'input, textarea, select, [contenteditable="true"]'

interface Point {
  readonly x: number
  readonly y: number
}

interface Touched {
  readonly source: HTMLElement
  readonly target: EventTarget
  readonly from: Point
  at: Point
  timer: ReturnType<typeof setTimeout>
  /** From the moment it is lifted. */
  held: { readonly picture: HTMLElement; readonly data: DataTransfer; over: Element | null; wanted: boolean } | null
}

/** Listens to touches of the whole page. Returns what stops it. */
export function dragByTouch(): () => void {
  let touched: Touched | null = null

  function begin(event: TouchEvent) {
    if (touched) return end(false)
    const { target } = event
    if (event.touches.length > 1 || !(target instanceof Element) || target.closest(WRITTEN)) return
    const source = target.closest<HTMLElement>('[draggable="true"]')
    if (!source) return
    const from = pointOf(event)
    touched = { source, target, from, at: from, timer: setTimeout(rest, HOLD_MS), held: null }
    // On what is touched itself: it may leave the page while it is held, and its events then reach nothing else.
    target.addEventListener('touchmove', move as EventListener, { passive: false })
    target.addEventListener('touchend', up as EventListener)
    target.addEventListener('touchcancel', cancel)
  }

  /** On a busy page a swipe may have begun that it has not been told of: it is told before the next frame. */
  function rest() {
    const before = touched
    requestAnimationFrame(() => touched === before && lift())
  }

  function lift() {
    if (!touched) return
    const { source, at } = touched
    const data = new DataTransfer()
    const picture = pictureOf(source, at)
    if (!fire('dragstart', source, at, data)) return end(false)
    document.body.append(picture)
    touched.held = { picture, data, over: null, wanted: false }
    touched.timer = setInterval(hold, AGAIN_MS)
  }

  function move(event: TouchEvent) {
    if (!touched) return
    touched.at = pointOf(event)
    const { from, at, held } = touched
    if (!held) return Math.hypot(at.x - from.x, at.y - from.y) > SLACK_PX && end(false)
    event.preventDefault()
    held.picture.style.translate = `${at.x - from.x}px ${at.y - from.y}px`
    hold()
  }

  function hold() {
    if (!touched?.held) return
    const { at, held } = touched
    const over = document.elementFromPoint(at.x, at.y)
    if (over && over !== held.over) fire('dragenter', over, at, held.data)
    held.over = over
    held.wanted = over !== null && !fire('dragover', over, at, held.data)
  }

  function up(event: Event) {
    if (!touched?.held) return end(false)
    event.preventDefault() // it is no tap
    hold()
    end(true)
  }

  function cancel() {
    end(false)
  }

  function end(down: boolean) {
    if (!touched) return
    const { source, target, at, timer, held } = touched
    touched = null
    clearTimeout(timer)
    target.removeEventListener('touchmove', move as EventListener)
    target.removeEventListener('touchend', up as EventListener)
    target.removeEventListener('touchcancel', cancel)
    if (!held) return
    held.picture.remove()
    if (down && held.wanted && held.over) fire('drop', held.over, at, held.data)
    fire('dragend', source.isConnected ? source : document.body, at, held.data)
  }

  /** A drag or a menu that the browser itself makes of the same press. */
  function ours(event: Event) {
    if (!touched || !event.isTrusted) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  /** Mice say nothing else while they drag: whoever listens takes this for the end. */
  function still(event: Event) {
    if (touched?.held) event.stopImmediatePropagation()
  }

  const stop = new AbortController()
  const { signal } = stop
  document.addEventListener('touchstart', begin, { passive: true, signal })
  // Only so that a browser asks before it scrolls.
  document.addEventListener('touchmove', () => undefined, { passive: false, signal })
  window.addEventListener('dragstart', ours, { capture: true, signal })
  window.addEventListener('contextmenu', ours, { capture: true, signal })
  window.addEventListener('pointermove', still, { capture: true, signal })
  return () => {
    end(false)
    stop.abort()
  }
}

function pointOf({ changedTouches }: TouchEvent): Point {
  const { clientX, clientY } = changedTouches[0]!
  return { x: clientX, y: clientY }
}

/** False when somebody prevented it. */
function fire(type: string, target: Element, { x, y }: Point, dataTransfer: DataTransfer): boolean {
  const told = { bubbles: true, cancelable: true, composed: true, clientX: x, clientY: y, dataTransfer }
  return target.dispatchEvent(new DragEvent(type, told))
}

/** A copy, tilted a little as if held, under the finger. */
function pictureOf(source: HTMLElement, at: Point): HTMLElement {
  const { left, top, width, height } = source.getBoundingClientRect()
  const picture = source.cloneNode(true) as HTMLElement
  for (const name of ['data-card', 'data-column', 'draggable', 'id']) picture.removeAttribute(name)
  picture.setAttribute('aria-hidden', 'true')
  picture.inert = true
  picture.style.cssText += `position: fixed; z-index: 40; inset: ${top}px auto auto ${left}px; width: ${width}px;
    height: ${height}px; margin: 0; list-style: none; pointer-events: none; rotate: 2deg; opacity: 0.95;
    transform-origin: ${at.x - left}px ${at.y - top}px; box-shadow: var(--shadow)`
  return picture
}
