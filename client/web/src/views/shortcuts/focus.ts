/** Which card is meant by a key, and moving the focus from card to card. Works on whatever view draws `data-card`. */

export type Direction = 'up' | 'down' | 'left' | 'right'

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** A step sideways counts this much more than one along: the next column, however long, before the one after. */
const SIDEWAYS = 10

/** The id of the card that has the focus. */
export function focusedCard(): string | null {
  return cardAround(document.activeElement)
}

/** The id of the card under the pointer. */
export function pointedCard(): string | null {
  return cardAround(document.querySelector('[data-card]:hover'))
}

/** The lane that something stands in, where the board has lanes. */
export function laneAround(element: Element | null): string | null {
  return element?.closest<HTMLElement>('[data-lane]')?.dataset.lane ?? null
}

export function focusCard(id: string): void {
  focusOn(document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`))
}

/** A card as it is drawn in one place. */
export function focusOn(card: HTMLElement | null): void {
  const title = card?.querySelector<HTMLElement>('.title')
  title?.focus({ preventScroll: true })
  card?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

/** Focuses the next card in a direction, or a first one. False when there is none. */
export function stepFocus(direction: Direction): boolean {
  const from = document.activeElement?.closest<HTMLElement>('[data-card]')
  const cards = drawn()
  const next = from ? nextTo(from, cards, direction) : firstOf(cards)
  if (!next) return false
  focusOn(next)
  return true
}

/** Who gets the focus when the card that has it goes: the one below, or else above. */
export function heir(): HTMLElement | null {
  const from = document.activeElement?.closest<HTMLElement>('[data-card]')
  const cards = drawn()
  return from ? (nextTo(from, cards, 'down') ?? nextTo(from, cards, 'up')) : null
}

/** Sideways one stays in the lane, if there is anything in it. */
function nextTo(from: HTMLElement, cards: ReadonlyMap<HTMLElement, Box>, direction: Direction): HTMLElement | null {
  const lane = laneAround(from)
  const sideways = direction === 'left' || direction === 'right'
  const beside = sideways ? [...cards].filter(([card]) => laneAround(card) === lane) : []
  return nearest(cards.get(from), new Map(beside), direction) ?? nearest(cards.get(from), cards, direction)
}

/** The key of the box that lies next to one in a direction: above and below only what stands in the same line. */
export function nearest<K>(from: Box | undefined, others: ReadonlyMap<K, Box>, direction: Direction): K | null {
  if (!from) return null
  let best: K | null = null
  let least = Infinity
  for (const [key, box] of others) {
    const cost = costOf(from, box, direction)
    if (cost === null || cost >= least) continue
    best = key
    least = cost
  }
  return best
}

function costOf(from: Box, to: Box, direction: Direction): number | null {
  if (from === to) return null
  if (direction === 'up' || direction === 'down') {
    const aligned = Math.min(from.right, to.right) > Math.max(from.left, to.left)
    const away = direction === 'down' ? middle(to).y - middle(from).y : middle(from).y - middle(to).y
    return aligned && away > 0 ? away : null
  }
  const away = direction === 'right' ? to.left - from.right : from.left - to.right
  return away < -1 ? null : away * SIDEWAYS + Math.abs(middle(to).y - middle(from).y)
}

function middle({ left, right, top, bottom }: Box): { x: number; y: number } {
  return { x: (left + right) / 2, y: (top + bottom) / 2 }
}

function firstOf(cards: ReadonlyMap<HTMLElement, Box>): HTMLElement | null {
  const seen = [...cards].filter(([, { top, left }]) => top >= 0 && left >= 0)
  seen.sort(([, a], [, b]) => a.left - b.left || a.top - b.top)
  return seen[0]?.[0] ?? null
}

function drawn(): Map<HTMLElement, Box> {
  const cards = [...document.querySelectorAll<HTMLElement>('main [data-card]')]
  const boxes = cards.map((card) => [card, card.getBoundingClientRect()] as const)
  return new Map(boxes.filter(([, { height }]) => height > 0))
}

function cardAround(element: Element | null): string | null {
  return element?.closest<HTMLElement>('[data-card]')?.dataset.card ?? null
}
