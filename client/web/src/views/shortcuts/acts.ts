/** What each shortcut does, the literal table; the palette's commands do the same. */

import { tick } from 'svelte'
import type { SignedIn } from '../../api/http'
import { t } from '../../strings'
import { announce } from '../board/announce.svelte'
import type { BoardContext } from '../board/context.svelte'
import { redo, undo } from '../board/undo'
import { archiveTasks } from '../board/verbs'
import { GROUPED } from '../lanes/lanes'
import { ask, type Question } from '../palette/asked.svelte'
import { go, paths, type View } from '../router.svelte'
import { focusedCard, focusOn, heir, laneAround, pointedCard, stepFocus, type Direction } from './focus'
import type { Handled } from './table'

/** Where a key was pressed. */
export interface Here {
  readonly user: SignedIn
  /** The board of this page, once it is there. */
  readonly context: BoardContext | null
  /** The card that is open. */
  readonly open: string | null
  readonly onpeople: () => void
  readonly onsignout: () => void
}

/** False when there is nothing to act on: then the key is the browser's. */
export const ACTS: Readonly<Record<Handled, (here: Here) => boolean>> = {
  palette: () => yes(ask({ kind: 'anything' })),
  find: () => find(),
  help: () => yes(ask({ kind: 'shortcuts' })),
  undo: ({ context }) => context !== null && yes(undo(context)),
  redo: ({ context }) => context !== null && yes(redo(context)),
  up: () => step('up'),
  down: () => step('down'),
  left: () => step('left'),
  right: () => step('right'),
  create: (here) => create(here),
  rename: (here) => rename(here),
  labels: (here) => question('labels', here),
  assignees: (here) => question('assignees', here),
  due: (here) => question('due', here),
  priority: (here) => question('priority', here),
  move: (here) => question('move', here),
  archive: (here) => archive(here),
  lanes: ({ context }) => nextLanes(context),
  asBoard: ({ context }) => look('board', context),
  asList: ({ context }) => look('list', context),
  asCalendar: ({ context }) => look('calendar', context),
  mine: () => yes(go(paths.mine())),
}

/** The cards that a key is about: those chosen, or the focused one, or the open one, or the one under the pointer. */
export function meant({ context, open }: Here): readonly string[] {
  const chosen = context?.selection.ids ?? []
  if (chosen.length > 0) return chosen
  const id = focusedCard() ?? open ?? pointedCard()
  return id !== null && context?.board.store.task(id) ? [id] : []
}

function look(view: View, context: BoardContext | null): boolean {
  return context !== null && yes(context.filtering.look({ view }))
}

/** One way of grouping after the other, and none after the last. */
function nextLanes(context: BoardContext | null): boolean {
  if (context?.filtering.view !== 'board') return false
  const { grouping } = context
  const by = GROUPED[grouping.by === null ? 0 : GROUPED.indexOf(grouping.by) + 1] ?? null
  grouping.group(by)
  return yes(announce(t.views.lanes.now(by && t.views.filter.facets[by])))
}

function yes(_: void): true {
  return true
}

function find(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-find]')
  field?.focus()
  field?.select()
  return field !== null
}

/** In an open card, on menus and on other lists the arrows are theirs. */
function step(direction: Direction): boolean {
  const at = document.activeElement
  return (at === null || at === document.body || at.closest('main') !== null) && stepFocus(direction)
}

function question(kind: Question, here: Here): boolean {
  const tasks = meant(here)
  if (tasks.length === 0 || !here.context?.may(kind === 'move' ? 'move_task' : 'update_task')) return false
  return yes(ask({ kind, tasks }))
}

/** In the column or cell of the card that is meant, or the first. */
function create(here: Here): boolean {
  const { context } = here
  if (!context?.may('create_task')) return false
  const { store } = context.board
  const column = store.task(meant(here)[0] ?? '')?.column_id ?? store.columns[0]?.id
  const inColumn = `[data-column="${CSS.escape(column ?? '')}"] .add`
  const cell =
    document.activeElement?.closest('[data-cell]') ?? document.querySelector('[data-cell]:has([data-card]:hover)')
  const button =
    cell?.querySelector<HTMLElement>('.add') ??
    document.querySelector<HTMLElement>(`${inColumn}, [data-cell] .add, main > .add`)
  button?.click()
  return button !== null
}

function rename(here: Here): boolean {
  const [id] = meant(here)
  const { context } = here
  if (!id || !context?.may('update_task')) return false
  if (here.open === id && !focusedCard()) document.querySelector<HTMLElement>('aside h2 textarea')?.focus()
  else context.rename(id, laneAround(document.activeElement))
  return true
}

function archive(here: Here): boolean {
  const tasks = meant(here)
  const { context } = here
  if (tasks.length === 0 || !context?.may('archive_task')) return false
  const next = tasks.length === 1 && tasks[0] === focusedCard() ? heir() : null
  archiveTasks(context, tasks)
  if (next) void tick().then(() => focusOn(next))
  return true
}
