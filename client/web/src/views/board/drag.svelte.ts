/** What is being dragged over the board and where it would land. Drawing the gap is the column's part, submitting the move the board's. */

import type { Place } from '../../protocol/generated'
import type { Spot } from '../lanes/lanes'

export interface LiftedCard {
  kind: 'card'
  /** The one that is held. */
  id: string
  /** It and all that go with it, in their order. */
  ids: readonly string[]
  /** The lane it was taken from, where the board has lanes. */
  lane: string | null
  /** By keyboard. */
  carried: boolean
  /** CSS pixels, the height of the gap that opens. */
  height: number
}

export interface LiftedColumn {
  kind: 'column'
  id: string
}

export interface Landing extends Spot {
  /** Position among the cards of that spot without the lifted ones. */
  readonly index: number
}

export class Drag {
  lifted = $state.raw<LiftedCard | LiftedColumn | null>(null)
  /** Where a lifted card would land. */
  landing = $state.raw<Landing | null>(null)
  /** Index among the other columns where a lifted column would land. */
  columnIndex = $state<number | null>(null)

  card(): LiftedCard | null {
    return this.lifted?.kind === 'card' ? this.lifted : null
  }

  column(): LiftedColumn | null {
    return this.lifted?.kind === 'column' ? this.lifted : null
  }

  get carried(): boolean {
    return this.card()?.carried ?? false
  }

  readonly #together: ReadonlySet<string> = $derived(new Set(this.card()?.ids))

  readonly isLifted = (card: string): boolean => this.#together.has(card)

  /** Whether a card is taken out of a lane. Where the one that is held stands in others too, it stays there. */
  hides(card: string, lane: string | null): boolean {
    const held = this.card()
    if (!this.isLifted(card)) return false
    return card !== held?.id || lane === held.lane || lane === this.landing?.lane
  }

  /** Those of a column's cards that stay. */
  othersIn(ids: readonly string[]): readonly string[] {
    return ids.filter((id) => !this.isLifted(id))
  }

  land({ column, lane }: Spot, index: number): void {
    if (this.isOver({ column, lane }) && this.landing?.index === index) return
    this.landing = { column, lane, index }
  }

  isOver({ column, lane }: Spot): boolean {
    return this.landing?.column === column && this.landing.lane === lane
  }

  end(): void {
    this.lifted = null
    this.landing = null
    this.columnIndex = null
  }
}

/** The place at `index` among siblings, as intent: beside a neighbour, so that it holds when others move at the same time. */
export function placeAt(siblings: readonly { id: string }[], index: number): Place {
  const previous = siblings[index - 1]
  return previous ? { after: previous.id } : 'top'
}

/** The index at which a column held at `x` lands among the others, by the middle of each. Works in both writing directions. */
export function columnIndexAt(row: HTMLElement, x: number, lifted: string): number {
  const forward = getComputedStyle(row).direction === 'ltr' ? 1 : -1
  const others = [...row.querySelectorAll<HTMLElement>('[data-column]')].filter(
    ({ dataset }) => dataset.column !== lifted,
  )
  return others.filter((element) => {
    const { left, width } = element.getBoundingClientRect()
    return (left + width / 2 - x) * forward < 0
  }).length
}
