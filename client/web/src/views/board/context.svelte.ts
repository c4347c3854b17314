/** What all parts of one open board share: its data, what we may do, what is being dragged, renamed or pointed at. */

import { createContext, tick } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { Http } from '../../api/http'
import { LEAST_ROLE, LIMITS, ROLE_ORDER, type Command } from '../../protocol/generated'
import { Rejected, type Board, type PresenceState, type Present } from '../../store/types'
import type { Filtering } from '../filter/filtering.svelte'
import { Grouping } from '../lanes/grouping.svelte'
import { keyOf, type Spot } from '../lanes/lanes'
import { anglesOfPeople } from '../parts/persons'
import { Drag } from './drag.svelte'
import { Folded } from './folded.svelte'
import { ownEdit } from './glide'
import { movesTo } from './moves'
import { inSubmits } from './pasted'
import type { Landable } from './pane.svelte'
import { Selection } from './selection.svelte'

export const [useBoard, provideBoard] = createContext<BoardContext>()

type Rest = Pick<Http, 'activity' | 'ask' | 'authorised' | 'deletedTasks' | 'deleteProject'>

/** A card where it stands: with labels as lanes it stands in several. */
interface Stood {
  readonly task: string
  readonly lane: string | null
}

export class BoardContext {
  readonly board: Board
  /** Which cards are shown. */
  readonly filtering: Filtering
  /** Which lanes there are, and what stands in each. */
  readonly grouping: Grouping
  /** What goes past the socket. */
  readonly rest: Rest
  /** The columns that are shown narrow. */
  readonly folded: Folded
  readonly drag = new Drag()
  /** The card whose title is being edited on the board. */
  renaming = $state<string | null>(null)
  /** In which of its lanes. */
  #renamingLane: string | null = null
  /** The card that has the focus, or something in it. */
  held = $state.raw<Stood | null>(null)
  /** The card that had the focus last. */
  #last = $state.raw<Stood | null>(null)
  /** The field of the open card that we are writing in, told to the others. */
  typing = $state<string | null>(null)
  /** Comments begun and not sent, by card: closing a card loses nothing. Titles of new cards by column. */
  readonly begun = new SvelteMap<string, string>()
  /** What we are since our role came not to allow edits any more, until that is dismissed. */
  demoted = $state<'viewer' | 'commenter' | null>(null)
  /** Texts whose fields went with it: to be copied. */
  rescued = $state.raw<readonly string[]>([])
  /** Asks the board to open the menu of a card beside an element. */
  openCardMenu: (task: string, beside: HTMLElement) => void = () => undefined

  /** What is drawn of each column or cell. */
  readonly panes = new Map<string, Landable>()
  /** Cards that are chosen together. */
  readonly selection: Selection

  /** Who has which card open. */
  readonly #watchers: Map<string, Present[]> = $derived.by(() => {
    const watchers = new Map<string, Present[]>()
    for (const present of this.board.presence) {
      const task = present.state.task
      if (task) watchers.set(task, [...(watchers.get(task) ?? []), present])
    }
    return watchers
  })

  readonly #draggers: Map<string, Present> = $derived.by(() => {
    const dragging = this.board.presence.filter(({ state }) => state.dragging)
    return new Map(dragging.map((present) => [present.state.dragging!, present]))
  })
  readonly #droppers: Map<string, Present[]> = $derived.by(() => {
    const droppers = new Map<string, Present[]>()
    for (const present of this.#draggers.values()) {
      const place = present.state.after ?? present.state.over
      if (place) droppers.set(place, [...(droppers.get(place) ?? []), present])
    }
    return droppers
  })

  /** The one card that Tab leads to: the arrows lead on from there. That which had the focus last, else the first. */
  readonly tabStop: Stood | null = $derived.by(() => {
    if (this.#last && this.#shown(this.#last)) return this.#last
    for (const { id } of this.board.store.columns)
      for (const task of this.filtering.idsOf(id).slice(0, 1)) {
        const stood = { task, lane: this.grouping.spotOf(task)?.lane ?? null }
        if (this.#shown(stood)) return stood
      }
    return null
  })

  /** Colours of everybody, those with a role first. */
  readonly #angles = $derived.by(() => {
    const members = [...this.board.store.members]
    const first = (role: unknown) => (role === null ? 1 : 0)
    members.sort((a, b) => first(a.role) - first(b.role) || (a.id < b.id ? -1 : 1))
    return anglesOfPeople(members.map(({ id }) => id))
  })

  constructor(board: Board, filtering: Filtering, rest: Rest, user: string) {
    this.board = board
    this.rest = rest
    this.folded = new Folded(user, `folded ${board.id}`)
    this.filtering = filtering
    this.grouping = new Grouping(board.store, filtering, user, board.id)
    this.selection = new Selection({
      columns: () => board.store.columns.map(({ id }) => id),
      idsOf: (column) => filtering.idsOf(column),
    })
  }

  /** Who would drop something right after a card, or at the top of a column. In lanes, those who see the same ones in theirs. */
  droppersAt(place: string, lane: string | null = null): readonly Present[] {
    const droppers = this.#droppers.get(place) ?? NOBODY
    if (lane === null || droppers === NOBODY) return droppers
    const [name, by] = [this.grouping.nameOf(lane), this.grouping.nameOf('')]
    return droppers.filter(({ state }) => (state.lane?.startsWith(by) ? state.lane === name : state.after))
  }

  /** Who is dragging a card. */
  draggerOf(task: string): Present | undefined {
    return this.#draggers.get(task)
  }

  /** Moves what is lifted to where it would land, as far as both are still there. */
  drop(): void {
    const { store } = this.board
    const { landing } = this.drag
    const lifted = this.drag.card()?.ids.filter((id) => store.task(id)) ?? []
    if (!landing || !store.column(landing.column)) return
    const { lane, column } = landing
    if (lane !== null && !this.grouping.takes(lane)) return
    const edits = lane === null ? [] : this.grouping.edits(lifted, this.drag.card()!.lane, lane, this.board.seq)
    const moves = movesTo(lifted, landing, this.grouping.idsAt(landing), this.filtering.idsOf(column))
    if (edits.length + moves.length > 0) this.submit([...edits, ...moves])
  }

  /** How many places there are among what is drawn of a spot, besides the last. */
  placesAt(spot: Spot): number {
    const ids = this.grouping.idsAt(spot)
    return this.drag.othersIn(spot.lane === null ? ids : ids.slice(0, this.grouping.drawnAt(spot))).length
  }

  /** What gives a card another title, as one of now: it is refused where somebody else has given it one since. */
  retitling(id: string): (title: string) => void {
    const base_seq = this.board.seq
    return (title) => this.submit({ type: 'update_task', id, title, base_seq })
  }

  /** Has a card's title edited on the board; of a card in several lanes, in one of them. */
  rename(task: string, lane: string | null): void {
    this.#renamingLane = lane
    this.renaming = task
  }

  isRenaming(task: string, lane: string | null): boolean {
    if (this.renaming !== task) return false
    return lane === null || lane === this.grouping.spotOf(task, this.#renamingLane)?.lane
  }

  /** The focus is on a card, or nowhere on the board. */
  hold(stood: Stood | null): void {
    this.held = stood
    this.#last = stood ?? this.#last
  }

  #shown({ task, lane }: Stood): boolean {
    const spot = this.grouping.spotOf(task, lane)
    if (!spot || this.folded.has(spot.column)) return false
    return spot.lane === lane && (lane === null || !this.grouping.isFolded(lane))
  }

  watchersOf(task: string): readonly Present[] {
    return this.#watchers.get(task) ?? NOBODY
  }

  angleOf(person: string): number | undefined {
    return this.#angles.get(person)
  }

  may(command: Command['type']): boolean {
    const role = this.board.store.role
    return role !== null && ROLE_ORDER[role] >= ROLE_ORDER[LEAST_ROLE[command]]
  }

  /** We may not edit any more: what was begun ends, and what is written keeps its text. */
  demote(role: 'viewer' | 'commenter'): void {
    this.demoted = role
    this.drag.end()
    this.selection.clear()
    this.board.history.forget()
  }

  dismissDemoted(): void {
    this.demoted = null
    this.rescued = []
  }

  /** A field goes since we may not write in it any more; this is what stood there. */
  rescue(text: string): void {
    if (text.trim()) this.rescued = [...this.rescued, text.trim()]
  }

  /** Submit and go on, in one unless there are very many; a refusal is shown by the board with what was lost. */
  submit(commands: Command | readonly Command[]): void {
    const all: readonly Command[] = Array.isArray(commands) ? commands : [commands]
    ownEdit()
    for (const some of inSubmits(all, LIMITS.commands))
      this.board.submit(some).catch((wrong: unknown) => {
        if (!(wrong instanceof Rejected)) throw wrong
      })
    this.filtering.tellHidden(all)
  }

  /** What others see of us; `open` is the card that is open. */
  stateOf(open: string | null): PresenceState {
    const { landing } = this.drag
    const lifted = this.drag.card()
    const state: PresenceState = open ? { task: open } : {}
    if (open && this.typing) Object.assign(state, { field: this.typing, typing: true })
    if (!lifted) return state
    if (!landing) return { ...state, dragging: lifted.id }
    const after = this.drag.othersIn(this.grouping.idsAt(landing))[landing.index - 1]
    const lane = landing.lane === null ? {} : { lane: this.grouping.nameOf(landing.lane) }
    return { ...state, dragging: lifted.id, over: landing.column, ...lane, ...(after && { after }) }
  }

  /** A card is lifted, and with it all that are chosen if it is one of them. The gap opens where it stood. */
  lift(task: string, lane: string | null, height: number, carried: boolean): void {
    const spot = this.grouping.spotOf(task, lane)
    if (!spot) return
    const ids = this.selection.has(task) ? this.selection.ids : [task]
    this.drag.lifted = { kind: 'card', id: task, ids, lane: spot.lane, height, carried }
    const before = this.grouping.idsAt(spot)
    this.drag.landing = { ...spot, index: this.drag.othersIn(before.slice(0, before.indexOf(task))).length }
  }

  /** Brings a card of the board into sight, wherever it stands, and gives it the focus; of several lanes, in that one. */
  async focusCard(task: string, lane: string | null = null): Promise<void> {
    await tick()
    const spot = this.grouping.spotOf(task, lane)
    if (!spot) return
    if (spot.lane === null) await this.panes.get(keyOf(spot))?.reveal(task)
    else this.grouping.wanted = { lane: spot.lane, task }
    await tick()
    const there = this.focusDrawn(task, spot)
    there?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  /** Gives a card the focus, or what is there in its place, without scrolling. */
  focusDrawn(task: string, { column, lane }: Spot): Element | null {
    const around = lane === null ? '' : `[data-lane="${CSS.escape(lane)}"]`
    const card = document.querySelector(`${around} [data-card="${CSS.escape(task)}"]`)
    const there = card ?? document.querySelector(around || `[data-column="${CSS.escape(column)}"]`)
    there?.querySelector<HTMLElement>(card ? '.title' : 'button')?.focus({ preventScroll: true })
    return there
  }

  /** A member's name by id, however long gone. */
  nameOf(member: string | null): string | null {
    return member === null ? null : (this.board.store.member(member)?.name ?? null)
  }
}

const NOBODY: readonly Present[] = []
