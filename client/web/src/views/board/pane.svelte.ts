/**
 * What of a long column is drawn while it is scrolled and changes. At first only what is seen, so that a large board
 * stands soon; the rest follows column by column while the page has nothing else to do. What one looks at stays where it is: when something
 * above comes, goes or turns out taller, the list is scrolled by as much. The browser's own anchoring does not do for
 * that, since it moves after gliding cards have been measured. Not here: the arithmetic (rows.ts).
 */

import { tick, untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { whenIdle } from '../parts/idle'
import { onPaper } from './paper.svelte'
import { edgesOf, firstFrom, landingAt, NOTHING, rangeOf, rowsOf, type Row } from './rows'

/** Of a card that was never drawn, in CSS pixels, until some were. */
const FIRST_GUESS_PX = 58
/** So many drawn cards make the guess for all others. It then stays: a scrollbar must not wander while it is held. */
const SAMPLE = 12
/** How far beyond what is seen cards are drawn, in CSS pixels: a quick scroll must not outrun the drawing. */
const MARGIN_PX = 500

/** Browsers scroll by whole pixels: we are as near as they let us be. */
const ROUNDING_PX = 0.5

/** The first card that is seen whole, and where it began when that was found. None at the very top, where new cards show. */
interface Anchor {
  readonly id: string | null
  readonly edge: number
  readonly top: number
}

const AT_TOP: Anchor = { id: null, edge: 0, top: 0 }

/** A list of cards that something held lands in. */
export interface Landable {
  /** Where something held at a height of the screen lands among the cards that are not lifted. */
  readonly landing: (clientY: number, lifted: (id: string) => boolean) => number
  /** Has a card drawn and scrolls it into sight. */
  readonly reveal: (id: string) => Promise<void>
}

export class Pane implements Landable {
  readonly #ids: () => readonly string[]
  readonly #heights = new Map<string, number>()
  #measured = $state(0)
  #guess = FIRST_GUESS_PX
  #anchor = $state.raw(AT_TOP)
  #list: HTMLElement | undefined
  /** How far beyond what is seen cards are drawn; null until any are. */
  #margin = $state<number | null>(null)
  readonly #observer = new ResizeObserver((entries) =>
    this.#measure(entries.map(({ target, borderBoxSize }) => [target, borderBoxSize[0]?.blockSize ?? 0])),
  )
  /** Of what is seen, in CSS pixels. */
  height = $state(innerHeight)

  readonly #edges: Float64Array = $derived.by(() => {
    void this.#measured
    return edgesOf(this.#ids(), this.heightOf)
  })
  /** By how much the anchor has moved since it was found. */
  readonly #shift: number = $derived.by(() => {
    const { id, edge } = this.#anchor
    const at = id === null ? -1 : this.#ids().indexOf(id)
    return at < 0 ? 0 : this.#edges[at]! - edge
  })
  readonly rows: readonly Row[] = $derived.by(() => {
    if (onPaper()) return rowsOf(this.#ids(), this.#edges, { from: 0, to: this.#ids().length }, this.#pinned())
    const top = this.#anchor.top + this.#shift
    const margin = this.#margin
    const range = margin === null ? NOTHING : rangeOf(this.#edges, top - margin, top + this.height + margin)
    return rowsOf(this.#ids(), this.#edges, range, this.#pinned())
  })

  readonly #pinned: () => ReadonlySet<string>

  /** `pinned`: cards that stay drawn wherever they are, since they have the focus or are held. */
  constructor(ids: () => readonly string[], pinned: () => ReadonlySet<string>) {
    this.#ids = ids
    this.#pinned = pinned
  }

  readonly heightOf = (id: string): number => this.#heights.get(id) ?? this.#guess

  /** The list that scrolls. */
  readonly list: Attachment<HTMLElement> = (list) => {
    this.#list = list
    list.addEventListener('scroll', this.#scrolled, { passive: true })
    const { left, right } = list.getBoundingClientRect()
    if (right > 0 && left < innerWidth) this.#margin = 0
    const cancel = whenIdle(() => (this.#margin = MARGIN_PX))
    return () => {
      cancel()
      list.removeEventListener('scroll', this.#scrolled)
    }
  }

  /** Each card that is drawn. Its height is known before anything is painted or glides. */
  readonly card: Attachment<HTMLElement> = (card) => {
    this.#measure([[card, card.getBoundingClientRect().height]])
    this.#observer.observe(card)
    return () => this.#observer.unobserve(card)
  }

  /** Scrolls along with what one looks at. Call in an effect; with `still` when what changed is where one points. */
  follow(still: boolean): void {
    const shift = this.#shift
    untrack(() => {
      if (shift === 0 || !this.#list) return
      const { id, edge, top } = this.#anchor
      const wanted = top + shift
      if (!still && Math.abs(wanted - this.#list.scrollTop) <= ROUNDING_PX) return
      if (!still) this.#list.scrollTop = wanted
      this.#anchor = { id, edge: edge + shift, top: wanted }
      this.#scrolled()
    })
  }

  landing(clientY: number, lifted: (id: string) => boolean): number {
    const first = this.#list?.querySelector('.room')?.getBoundingClientRect().top ?? 0
    return landingAt(this.#ids(), this.heightOf, lifted, clientY - first)
  }

  async reveal(id: string): Promise<void> {
    const at = this.#ids().indexOf(id)
    if (at < 0 || !this.#list) return
    const { scrollTop, clientHeight } = this.#list
    const [top, bottom] = [this.#edges[at]!, this.#edges[at + 1]!]
    if (top < scrollTop || bottom > scrollTop + clientHeight) {
      this.#list.scrollTop = top - (clientHeight - (bottom - top)) / 2
    }
    this.#scrolled()
    await tick()
  }

  close(): void {
    this.#observer.disconnect()
  }

  readonly #scrolled = (): void => {
    this.#margin = MARGIN_PX
    const top = this.#list?.scrollTop ?? 0
    if (Math.abs(top - this.#anchor.top) <= ROUNDING_PX) return // our own step, and the next starts where it was meant to end
    const edges = this.#edges
    const at = firstFrom(edges, top)
    const id = top > 0 ? this.#ids()[at] : undefined
    this.#anchor = id === undefined ? { ...AT_TOP, top } : { id, edge: edges[at]!, top }
  }

  /** A card that is not shown keeps the height it had. */
  #measure(cards: readonly (readonly [Element, number])[]): void {
    let changed = false
    for (const [card, height] of cards) {
      const id = (card as HTMLElement).dataset.card ?? ''
      if (height === 0 || this.#heights.get(id) === height) continue
      this.#heights.set(id, height)
      changed = true
    }
    if (!changed) return
    if (this.#guess === FIRST_GUESS_PX && this.#heights.size >= SAMPLE) {
      this.#guess = [...this.#heights.values()].reduce((sum, height) => sum + height, 0) / this.#heights.size
    }
    untrack(() => (this.#measured += 1))
  }
}
