/** Which card is meant by a key, and moving the focus from card to card. Works on whatever view draws `data-card`. */

export type Direction = 'up' | 'down' | 'left' | 'right'

interface Box {
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

export function focusCard(id: string): void {
  const card = document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`)
  const title = card?.querySelector<HTMLElement>('.title')
  title?.focus({ preventScroll: true })
  card?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

/** Focuses the next card in a direction, or a first one. False when there is none. */
export function stepFocus(direction: Direction): boolean {
  const from = focusedCard()
  const cards = drawn()
  const next = from ? nearest(cards.get(from), cards, direction) : firstOf(cards)
  if (!next) return false
  focusCard(next)
  return true
}

/** Who gets the focus when a card goes: the one below, or else above. */
export function heirOf(id: string): string | null {
  const cards = drawn()
  return nearest(cards.get(id), cards, 'down') ?? nearest(cards.get(id), cards, 'up')
}

/** The key of the box that lies next to one in a direction: above and below only what stands in the same line. */
export function nearest(from: Box | undefined, others: ReadonlyMap<string, Box>, direction: Direction): string | null {
  if (!from) return null
  let best: string | null = null
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

function firstOf(cards: ReadonlyMap<string, Box>): string | null {
  const seen = [...cards].filter(([, { top, left }]) => top >= 0 && left >= 0)
  seen.sort(([, a], [, b]) => a.left - b.left || a.top - b.top)
  return seen[0]?.[0] ?? null
}

function drawn(): Map<string, Box> {
  const cards = [...document.querySelectorAll<HTMLElement>('main [data-card]')]
  const boxes = cards.map((card) => [card.dataset.card ?? '', card.getBoundingClientRect()] as const)
  return new Map(boxes.filter(([, { height }]) => height > 0))
}

function cardAround(element: Element | null): string | null {
  return element?.closest<HTMLElement>('[data-card]')?.dataset.card ?? null
}
