/** What all parts of one open board share: its data, what we may do, what is being dragged, renamed or pointed at. */

import { createContext, tick } from 'svelte'
import type { Http } from '../../api/http'
import { LEAST_ROLE, LIMITS, ROLE_ORDER, type Command } from '../../protocol/generated'
import { Rejected, type Board, type PresenceState, type Present } from '../../store/types'
import type { Filtering } from '../filter/filtering.svelte'
import { anglesOfPeople } from '../parts/persons'
import { Drag } from './drag.svelte'
import { Folded } from './folded.svelte'
import { movesTo } from './moves'
import { inSubmits } from './pasted'
import type { Pane } from './pane.svelte'
import { Selection } from './selection.svelte'

export const [useBoard, provideBoard] = createContext<BoardContext>()

type Rest = Pick<Http, 'changes' | 'deleteProject'>

export class BoardContext {
  readonly board: Board
  /** Which cards are shown. */
  readonly filtering: Filtering
  /** What goes past the socket. */
  readonly rest: Rest
  /** The columns that are shown narrow. */
  readonly folded: Folded
  readonly drag = new Drag()
  /** The card whose title is being edited on the board. */
  renaming = $state<string | null>(null)
  /** The field of the open card that we are writing in, told to the others. */
  typing = $state<string | null>(null)
  /** Comments begun and not sent, by card: closing a card loses nothing. */
  readonly begun = new Map<string, string>()
  /** Asks the board to open the menu of a card beside an element. */
  openCardMenu: (task: string, beside: HTMLElement) => void = () => undefined

  /** What is drawn of each column. */
  readonly panes = new Map<string, Pane>()
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
    this.folded = new Folded(user, board.id)
    this.filtering = filtering
    this.selection = new Selection({
      columns: () => board.store.columns.map(({ id }) => id),
      idsOf: (column) => filtering.idsOf(column),
      columnOf: (task) => board.store.task(task)?.column_id,
    })
  }

  /** Who would drop something right after a card, or at the top of a column. */
  droppersAt(place: string): readonly Present[] {
    return this.#droppers.get(place) ?? NOBODY
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
    const moves = movesTo(lifted, landing, this.filtering.idsOf(landing.column))
    if (moves.length > 0) this.submit(moves)
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

  /** Submit and go on, in one unless there are very many; a refusal is shown by the board with what was lost. */
  submit(commands: Command | readonly Command[]): void {
    const all: readonly Command[] = Array.isArray(commands) ? commands : [commands]
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
    const after = this.drag.othersIn(this.filtering.idsOf(landing.column))[landing.index - 1]
    return { ...state, dragging: lifted.id, over: landing.column, ...(after && { after }) }
  }

  /** A card is lifted, and with it all that are chosen if it is one of them. The gap opens where it stood. */
  lift(task: string, height: number, carried: boolean): void {
    const column = this.board.store.task(task)?.column_id
    if (column === undefined) return
    const ids = this.selection.has(task) ? this.selection.ids : [task]
    this.drag.lifted = { kind: 'card', id: task, ids, height, carried }
    const before = this.filtering.idsOf(column)
    this.drag.landing = { column, index: this.drag.othersIn(before.slice(0, before.indexOf(task))).length }
  }

  /** Brings a card of the board into sight, wherever it stands, and gives it the focus. */
  async focusCard(task: string): Promise<void> {
    await tick()
    const column = this.board.store.task(task)?.column_id ?? ''
    await this.panes.get(column)?.reveal(task)
    const card = document.querySelector(`[data-card="${CSS.escape(task)}"]`)
    const there = card ?? document.querySelector(`[data-column="${CSS.escape(column)}"]`)
    there?.querySelector<HTMLElement>(card ? '.title' : 'button')?.focus({ preventScroll: true })
    there?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  /** A member's name by id, however long gone. */
  nameOf(member: string | null): string | null {
    return member === null ? null : (this.board.store.member(member)?.name ?? null)
  }
}

const NOBODY: readonly Present[] = []
