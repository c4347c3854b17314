/**
 * What of a long column is drawn while it is scrolled and changes. What one looks at stays where it is: when something
 * above comes, goes or turns out taller, the list is scrolled by as much. The browser's own anchoring does not do for
 * that, since it moves after gliding cards have been measured. Not here: the arithmetic (rows.ts).
 */

import { tick, untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { edgesOf, firstFrom, landingAt, rangeOf, rowsOf, type Row } from './rows'

/** Of a card that was never drawn, in CSS pixels, until some were. */
const FIRST_GUESS_PX = 58
/** So many drawn cards make the guess for all others. It then stays: a scrollbar must not wander while it is held. */
const SAMPLE = 12

/** The first card that is seen whole, and where it began when that was found. None at the very top, where new cards show. */
interface Anchor {
  readonly id: string | null
  readonly edge: number
  readonly top: number
}

const AT_TOP: Anchor = { id: null, edge: 0, top: 0 }

export class Pane {
  readonly #ids: () => readonly string[]
  readonly #heights = new Map<string, number>()
  #measured = $state(0)
  #guess = FIRST_GUESS_PX
  #anchor = $state.raw(AT_TOP)
  #list: HTMLElement | undefined
  readonly #observer = new ResizeObserver((entries) => this.#measure(entries))
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
    const top = this.#anchor.top + this.#shift
    return rowsOf(this.#ids(), this.#edges, rangeOf(this.#edges, top, top + this.height), this.#pinned())
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
    return () => list.removeEventListener('scroll', this.#scrolled)
  }

  /** Each card that is drawn. */
  readonly card: Attachment<HTMLElement> = (card) => {
    this.#observer.observe(card)
    return () => this.#observer.unobserve(card)
  }

  /** Scrolls along with what one looks at. Call in an effect; with `still` when what changed is where one points. */
  follow(still: boolean): void {
    const shift = this.#shift
    untrack(() => {
      if (Math.abs(shift) < 1 || !this.#list) return
      if (!still) this.#list.scrollTop += shift
      this.#scrolled()
    })
  }

  /** Where something held at a height of the screen lands among the cards that are not lifted. */
  landing(clientY: number, lifted: (id: string) => boolean): number {
    const first = this.#list?.querySelector('.room')?.getBoundingClientRect().top ?? 0
    return landingAt(this.#ids(), this.heightOf, lifted, clientY - first)
  }

  /** Has a card drawn and scrolls it into sight. */
  async reveal(id: string): Promise<void> {
    const at = this.#ids().indexOf(id)
    if (at < 0 || !this.#list) return
    const { scrollTop, clientHeight } = this.#list
    const [top, bottom] = [this.#edges[at]!, this.#edges[at + 1]!]
    if (top < scrollTop || bottom > scrollTop + clientHeight) {
      this.#list.scrollTop = top - (clientHeight - (bottom - top)) / 2
      this.#scrolled()
    }
    await tick()
  }

  close(): void {
    this.#observer.disconnect()
  }

  readonly #scrolled = (): void => {
    const top = this.#list?.scrollTop ?? 0
    const edges = this.#edges
    const at = firstFrom(edges, top)
    const id = top > 0 ? this.#ids()[at] : undefined
    this.#anchor = id === undefined ? { ...AT_TOP, top } : { id, edge: edges[at]!, top }
  }

  /** A card that is not shown keeps the height it had. */
  #measure(entries: readonly ResizeObserverEntry[]): void {
    let changed = false
    for (const { target, borderBoxSize } of entries) {
      const id = (target as HTMLElement).dataset.card ?? ''
      const height = borderBoxSize[0]?.blockSize ?? 0
      if (height === 0 || this.#heights.get(id) === height) continue
      this.#heights.set(id, height)
      changed = true
    }
    if (!changed) return
    if (this.#guess === FIRST_GUESS_PX && this.#heights.size >= SAMPLE) {
      this.#guess = [...this.#heights.values()].reduce((sum, height) => sum + height, 0) / this.#heights.size
    }
    this.#measured += 1
  }
}
