/** What the palette can find on this page: commands, cards, boards, people. */

import ArrowUpRight from '@lucide/svelte/icons/arrow-up-right'
import FilterX from '@lucide/svelte/icons/funnel-x'
import Keyboard from '@lucide/svelte/icons/keyboard'
import Rows from '@lucide/svelte/icons/rows-3'
import ListChecks from '@lucide/svelte/icons/list-checks'
import Kanban from '@lucide/svelte/icons/square-kanban'
import LogOut from '@lucide/svelte/icons/log-out'
import Settings from '@lucide/svelte/icons/settings-2'
import SquareCheck from '@lucide/svelte/icons/square-check-big'
import SunMoon from '@lucide/svelte/icons/sun-moon'
import Users from '@lucide/svelte/icons/users'
import Zap from '@lucide/svelte/icons/zap'
import type { ProjectSummary } from '../../api/http'
import { t } from '../../strings'
import type { BoardContext } from '../board/context.svelte'
import { deleteTask } from '../board/verbs'
import { GROUPED } from '../lanes/lanes'
import { say } from '../parts/toasts.svelte'
import { go, paths } from '../router.svelte'
import { ACTS, meant, type Here } from '../shortcuts/acts'
import { isAllowed, SHORTCUTS, type Handled } from '../shortcuts/table'
import { setTheme, THEMES } from '../theme.svelte'
import { ask } from './asked.svelte'
import type { Entry } from './entries'

/** Shortcuts that are commands of the palette too. */
const KEYED: readonly Handled[] = ['create', 'undo', 'redo', 'find', 'asBoard', 'asList', 'asCalendar']
const KEYED_OF_A_CARD: readonly Handled[] = ['rename', 'labels', 'assignees', 'due', 'priority', 'move', 'archive']

/** Everything of this page. Read once, as it was when the palette was opened. */
export function entriesOf(here: Here): readonly Entry[] {
  const { context } = here
  if (!context) return pageCommands(here)
  return [
    ...cardCommands(here, context),
    ...boardCommands(here, context),
    ...pageCommands(here),
    ...cardsOf(context),
    ...peopleOf(context),
  ]
}

export function boardEntries(boards: readonly ProjectSummary[]): readonly Entry[] {
  const open = boards.filter(({ deleted_at }) => deleted_at === null)
  return open.map(({ id, name }) => ({
    id: `board ${id}`,
    kind: 'board',
    name,
    icon: Kanban,
    run: () => go(paths.board(id)),
  }))
}

/** About the card that had the focus, or was open. */
function cardCommands(here: Here, context: BoardContext): Entry[] {
  const [id] = meant(here)
  const task = context.board.store.task(id ?? '')
  if (!task) return []
  const words = t.views.palette
  const keyed = keyedOf(KEYED_OF_A_CARD, here, context, task.title)
  const open = command('open', words.openCard, () => go(paths.task(context.board.id, task.id)), task.title)
  const copy = command('copy link', t.card.copyLink, () => void copyLink(context, task.id), task.title)
  const remove = command('delete', t.card.delete, () => deleteTask(context, task), task.title)
  return [open, ...keyed, copy, ...(context.may('delete_task') ? [remove] : [])]
}

function boardCommands(here: Here, context: BoardContext): Entry[] {
  const words = t.views.palette
  const { filtering } = context
  const me = context.board.store.me
  const entries = keyedOf(KEYED, here, context)
  entries.push(...laneCommands(context))
  if (me) entries.push(command('mine', words.mine, () => filtering.set({ people: [me.id] })))
  entries.push(command('overdue', words.overdue, () => filtering.set({ due: ['overdue'] })))
  if (filtering.active)
    entries.push({ ...command('clear', t.views.filter.showAll, () => filtering.clear()), icon: FilterX })
  entries.push({ ...command('people', t.people.title, here.onpeople), icon: Users })
  return entries
}

/** By what else the board could be grouped. */
function laneCommands({ grouping, filtering }: BoardContext): Entry[] {
  const words = t.views.lanes
  if (filtering.view !== 'board') return []
  const others = [...GROUPED, null].filter((by) => by !== grouping.by)
  return others.map((by) => ({
    ...command(`lanes ${by}`, words.now(by && t.views.filter.facets[by]), () => grouping.group(by)),
    icon: Rows,
  }))
}

function pageCommands({ context, onsignout }: Here): Entry[] {
  const words = t.views.palette
  const themes = THEMES.map((theme) => ({
    ...command(`theme ${theme}`, `${t.theme.title}: ${t.theme[theme]}`, () => setTheme(theme)),
    icon: SunMoon,
  }))
  const boards = { ...command('boards', words.allBoards, () => go(paths.projects())), icon: ArrowUpRight }
  const mine = {
    ...command('my tasks', t.views.mine.title, () => go(paths.mine())),
    icon: ListChecks,
    keys: SHORTCUTS.mine.keys[0],
  }
  const settings = { ...command('settings', t.session.settings, () => go(paths.settings())), icon: Settings }
  const help = { ...command('help', t.views.shortcuts.names.help, () => ask({ kind: 'shortcuts' })), icon: Keyboard }
  const leave = { ...command('sign out', t.session.signOut, onsignout), icon: LogOut }
  return [...(context ? [boards] : []), mine, settings, help, ...themes, leave]
}

function keyedOf(shortcuts: readonly Handled[], here: Here, context: BoardContext, hint?: string): Entry[] {
  const allowed = shortcuts.filter((shortcut) => isAllowed(shortcut, (command) => context.may(command)))
  return allowed.map((shortcut) => ({
    ...command(shortcut, t.views.shortcuts.names[shortcut], () => void ACTS[shortcut](here), hint),
    keys: SHORTCUTS[shortcut].keys[0],
  }))
}

function command(id: string, name: string, run: () => void, hint?: string): Entry {
  return { id: `command ${id}`, kind: 'command', name, icon: Zap, run, ...(hint ? { hint } : {}) }
}

function cardsOf({ board }: BoardContext): Entry[] {
  const { store } = board
  const tasks = [...store.tasks].filter(({ archived_at }) => archived_at === null)
  return tasks.map((task) => ({
    id: `card ${task.id}`,
    kind: 'card',
    name: task.title,
    also: `#${task.number}`,
    hint: store.column(task.column_id)?.name ?? '',
    icon: SquareCheck,
    run: () => go(paths.task(board.id, task.id)),
  }))
}

/** Somebody's cards. */
function peopleOf({ board, filtering }: BoardContext): Entry[] {
  return board.store.members.map((member) => ({
    id: `person ${member.id}`,
    kind: 'person',
    name: member.name,
    hint: t.views.palette.cardsOf,
    member,
    run: () => filtering.set({ people: [member.id] }),
  }))
}

async function copyLink({ board }: BoardContext, task: string): Promise<void> {
  await navigator.clipboard.writeText(location.origin + paths.task(board.id, task))
  say(t.card.linkCopied)
}
