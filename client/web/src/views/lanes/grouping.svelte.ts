/**
 * The lanes of an open board: by what, which there are, which cards stand where. Read from the address, kept with the
 * filter; which lanes are folded is kept in this browser. Not here: how lanes are drawn (Lanes) and what a lane means
 * (lanes.ts).
 */

import { SvelteMap } from 'svelte/reactivity'
import type { Command, CreateTask } from '../../protocol/generated'
import type { Records } from '../../store/types'
import { Folded } from '../board/folded.svelte'
import { choicesOf, type Choice } from '../filter/choices'
import type { Filtering } from '../filter/filtering.svelte'
import { query } from '../router.svelte'
import {
  DRAWN_FIRST,
  DRAWN_MORE,
  givenBy,
  grouped,
  groupedFrom,
  groupedText,
  intoLane,
  keyOf,
  lanesOf,
  type Grouped,
  type Known,
  type Spot,
} from './lanes'

const NOTHING: readonly string[] = []

/** A column's cards by lane. */
type Cells = ReadonlyMap<string, readonly string[]>

export class Grouping {
  readonly #store: Records
  readonly #filtering: Filtering
  readonly #columns = new Map<string, ColumnLanes>()
  /** How many cards of a cell are drawn, where it is more than at first. */
  readonly #drawn = new SvelteMap<string, number>()
  readonly #folded: Folded
  /** A card that is to be drawn, wherever it stands in its lane. */
  wanted = $state.raw<{ readonly lane: string; readonly task: string } | null>(null)

  /** Null where the board has no lanes. */
  readonly by: Grouped | null = $derived.by(() =>
    this.#filtering.view === 'board' ? groupedFrom(query().get('lanes')) : null,
  )
  readonly hidesEmpty: boolean = $derived(query().get('empty') === 'hide')
  /** Those that are shown, in their order, the one for all others last. */
  readonly lanes: readonly Choice[] = $derived.by(() => {
    if (this.by === null) return []
    return choicesOf(this.by, this.#store).filter(
      ({ value, member }) => this.countOf(value) > 0 || (!this.hidesEmpty && member?.role !== null),
    )
  })

  readonly #ids: ReadonlySet<string> = $derived.by(() => {
    const named: readonly { readonly id: string }[] = this.by === 'labels' ? this.#store.labels : this.#store.members
    return new Set(named.map(({ id }) => id))
  })

  constructor(store: Records, filtering: Filtering, user: string, project: string) {
    this.#store = store
    this.#filtering = filtering
    this.#folded = new Folded(user, `folded lanes ${project}`)
  }

  /** By something, or by nothing any more. */
  group(by: Grouped | null): void {
    this.#filtering.look({ lanes: groupedText(by) })
  }

  hideEmpty(hide: boolean): void {
    this.#filtering.look({ empty: hide ? 'hide' : '' })
  }

  lane(value: string): Choice | undefined {
    return this.lanes.find((lane) => lane.value === value)
  }

  /** The open lane above or below one; the same where there is none. */
  beside(lane: string | null, by: 1 | -1): string | null {
    const open = this.lanes.filter(({ value }) => value === lane || (!this.isFolded(value) && this.takes(value)))
    return open[open.findIndex(({ value }) => value === lane) + by]?.value ?? lane
  }

  /** What is shown of a spot, in its order. Read it in a `$derived`. */
  idsAt({ column, lane }: Spot): readonly string[] {
    return lane === null ? this.#filtering.idsOf(column) : (this.#cellsOf(column).get(lane) ?? NOTHING)
  }

  countOf(lane: string): number {
    return this.#store.columns.reduce((sum, { id }) => sum + (this.#cellsOf(id).get(lane)?.length ?? 0), 0)
  }

  /** How many of a cell's first cards are drawn. */
  drawnAt(spot: Spot): number {
    return this.#drawn.get(keyOf(spot)) ?? DRAWN_FIRST
  }

  drawMore(spot: Spot): void {
    this.#drawn.set(keyOf(spot), this.drawnAt(spot) + DRAWN_MORE)
  }

  /** Where a card stands: in the lane that is asked for, or else the first open one of its own. */
  spotOf(task: string, lane: string | null = null): Spot | null {
    const found = this.#store.task(task)
    if (!found) return null
    const column = found.column_id
    if (this.by === null) return { column, lane: null }
    const lanes = lanesOf(found, this.by, this.known)
    const open = lanes.find((each) => !this.isFolded(each))
    return { column, lane: lane !== null && lanes.includes(lane) ? lane : (open ?? lanes[0]!) }
  }

  /** What makes a lane; what was deleted does not. */
  get known(): Known {
    const ids = this.#ids
    return (id) => ids.has(id)
  }

  isFolded(lane: string): boolean {
    return this.#folded.has(this.nameOf(lane))
  }

  fold(lane: string): void {
    this.#folded.toggle(this.nameOf(lane))
  }

  /** What others and later visits know a lane by. */
  nameOf(lane: string): string {
    return `${groupedText(this.by)}:${lane}`
  }

  /** What takes cards from a lane into another. */
  edits(ids: readonly string[], from: string | null, to: string, base_seq: number): readonly Command[] {
    const { by } = this
    if (by === null) return []
    return ids.flatMap((id) => {
      const task = this.#store.task(id)
      const edit = task && intoLane(task, by, from, to, this.known)
      if (!edit) return []
      return [{ type: 'update_task', id, ...edit, ...('priority' in edit && { base_seq }) } as const]
    })
  }

  /** What a card that is made in a lane has for it. */
  given(lane: string): Partial<CreateTask> {
    return this.by === null ? {} : givenBy(this.by, lane)
  }

  /** Nothing is put into the lane of somebody who has left. */
  takes(lane: string): boolean {
    const known = this.lane(lane)
    return known !== undefined && known.member?.role !== null
  }

  #cellsOf(column: string): Cells {
    const known = this.#columns.get(column)
    if (known) return known.cells
    // Of nobody who asks: it is there for all cells of the column, as long as the board is.
    let made: ColumnLanes | undefined
    $effect.root(() => {
      made = new ColumnLanes((before) => this.#group(column, before))
    })
    this.#columns.set(column, made!)
    return made!.cells
  }

  #group(column: string, before: Cells): Cells {
    const { by, known } = this
    if (by === null) return new Map()
    const lanes = (id: string) => {
      const task = this.#store.task(id)
      return task ? lanesOf(task, by, known) : NOTHING
    }
    return grouped(this.#filtering.idsOf(column), lanes, before)
  }
}

/** One column's cells: looked through once for all lanes, and again when one of its cards is another. */
class ColumnLanes {
  readonly #group: (before: Cells) => Cells
  #before: Cells = new Map()
  readonly cells: Cells = $derived.by(() => (this.#before = this.#group(this.#before)))

  constructor(group: (before: Cells) => Cells) {
    this.#group = group
  }
}
