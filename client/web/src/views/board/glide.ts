/**
 * Cards that change place travel there, new ones grow in, deleted ones fade: one mechanism for the whole board.
 *
 * `remember` is called before a column redraws (in `$effect.pre`), the cards are measured again once all columns have. Nothing here decides where
 * a card is, and nothing takes focus or scrolls.
 */

import { tick } from 'svelte'
import { GLIDE_MS, reduced } from '../parts/motion'

interface Seen {
  element: HTMLElement
  list: HTMLElement
  rect: DOMRect
}

/** Beyond this many moves at once (an import, a catch-up) the board redraws without travel. */
const MOST_AT_ONCE = 60
/** Less is no move: a list that scrolls along does so by whole pixels. */
const LEAST_PX = 2
const EASE = 'cubic-bezier(0.2, 0.7, 0.2, 1)'

/** By id; of a card that stands in several lanes each of its places. */
const before = new Map<string, Seen[]>()
const touched = new Set<HTMLElement>()
let settled: Set<HTMLElement> = new Set()
let own = false

/** The next redraw shows what the person did here: that is there at once, only cards on their way to another list are seen to go. */
export function ownEdit(): void {
  own = true
  void tick().then(() => requestAnimationFrame(() => (own = false)))
}

/** Note where the cards of a list are now. The first time a list is drawn nothing moves. */
export function remember(list: HTMLElement): void {
  if (touched.has(list)) return
  if (touched.size === 0) requestAnimationFrame(play)
  touched.add(list)
  for (const element of cardsOf(list)) {
    const id = element.dataset.card ?? ''
    before.set(id, [...(before.get(id) ?? []), { element, list, rect: element.getBoundingClientRect() }])
  }
}

/** Cards of a list that appears for the first time are simply there. */
export function settle(list: HTMLElement): void {
  settled = new Set([...settled].filter((known) => known.isConnected)).add(list)
}

function play(): void {
  const arrivals: [HTMLElement, HTMLElement][] = []
  for (const list of touched) {
    if (settled.has(list)) for (const element of cardsOf(list)) arrivals.push([element, list])
  }
  const moves = arrivals.flatMap(([element, list]) => moveOf(element, list))
  const gone = [...before.values()]
    .flat()
    .filter((seen) => !seen.element.isConnected && visible(seen.rect) && !redrawn(seen))
  if (moves.length + gone.length <= MOST_AT_ONCE) {
    for (const move of moves) move()
    gone.forEach(fade)
  }
  before.clear()
  touched.clear()
}

function moveOf(element: HTMLElement, list: HTMLElement): (() => void)[] {
  const places = before.get(element.dataset.card ?? '') ?? []
  const seen = places.find((place) => place.list === list) ?? places.find((place) => !place.element.isConnected)
  if (own && (!seen || seen.list === list)) return []
  if (!seen) return visible(element.getBoundingClientRect()) ? [() => grow(element)] : []
  for (const running of element.getAnimations()) if (running.id === 'glide') running.cancel()
  const rect = element.getBoundingClientRect()
  if (!visible(rect) && !visible(seen.rect)) return []
  if (seen.rect.height === 0 || rect.height === 0) return []
  if (seen.list !== list) return [() => cross(element, seen.rect, rect)]
  const x = seen.rect.left - rect.left
  const y = seen.rect.top - rect.top
  return Math.abs(x) + Math.abs(y) < LEAST_PX ? [] : [() => travel(element, x, y)]
}

function travel(element: HTMLElement, x: number, y: number): void {
  if (reduced()) return
  element.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], timing('glide'))
}

/** Between columns a copy travels over the board, since each column clips what scrolls in it. */
function cross(element: HTMLElement, from: DOMRect, to: DOMRect): void {
  if (reduced()) return highlight(element)
  const ghost = ghostOf(element, from)
  element.animate([{ opacity: 0 }, { opacity: 0 }], timing('glide'))
  const path = [{ transform: 'none' }, { transform: `translate(${to.left - from.left}px, ${to.top - from.top}px)` }]
  ghost.animate(path, timing('glide')).finished.finally(() => ghost.remove())
}

/** The others make room by travelling, so nothing is laid out twice. */
function grow(element: HTMLElement): void {
  if (reduced()) return highlight(element)
  element.animate(
    [
      { opacity: 0, transform: 'scale(0.92)' },
      { opacity: 1, transform: 'none' },
    ],
    timing('glide'),
  )
}

function fade({ element, rect }: Seen): void {
  if (reduced()) return
  const ghost = ghostOf(element, rect)
  ghost
    .animate([{ opacity: 1 }, { opacity: 0, transform: 'scale(0.97)' }], timing('fade'))
    .finished.finally(() => ghost.remove())
}

/** Without travel a change is shown by a short wash of colour. */
function highlight(element: HTMLElement): void {
  element.animate([{ background: 'var(--accent-soft)' }, {}], { duration: 1_200 })
}

function ghostOf(element: HTMLElement, rect: DOMRect): HTMLElement {
  const ghost = element.cloneNode(true) as HTMLElement
  for (const name of ['data-card', 'id']) ghost.removeAttribute(name)
  ghost.ariaHidden = 'true'
  ghost.inert = true
  ghost.style.cssText = `position: fixed; z-index: 15; margin: 0; list-style: none; pointer-events: none;
    left: ${rect.left}px; top: ${rect.top}px; width: ${rect.width}px; height: ${rect.height}px`
  document.body.append(ghost)
  return ghost
}

/** Whether the card is on the board under another element. */
function redrawn(seen: Seen): boolean {
  return document.querySelector(`[data-card="${CSS.escape(seen.element.dataset.card ?? '')}"]`) !== null
}

function cardsOf(list: HTMLElement): NodeListOf<HTMLElement> {
  return list.querySelectorAll<HTMLElement>('[data-card]')
}

function visible(rect: DOMRect): boolean {
  return rect.bottom > 0 && rect.top < innerHeight && rect.right > 0 && rect.left < innerWidth
}

function timing(id: string): KeyframeAnimationOptions {
  return { id, duration: GLIDE_MS, easing: EASE }
}
