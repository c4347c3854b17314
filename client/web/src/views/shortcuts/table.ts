/** Every shortcut, once: what its keys are, where it stands in the sheet, who acts on it. The words are in the catalogue. */

import type { Command } from '../../protocol/generated'

export const GROUPS = ['anywhere', 'board', 'card', 'views'] as const

export type Group = (typeof GROUPS)[number]

interface Entry {
  readonly group: Group
  /** `Mod` is ⌘ on a Mac, Ctrl elsewhere. A character stands for itself, however it is typed. */
  readonly keys: readonly string[]
  /** Fires while somebody writes, too. */
  readonly writing?: true
  /** What has the focus acts on it: it is here to be told of. */
  readonly native?: true
  /** Not for those whose role does not allow this command. */
  readonly needs?: Command['type']
}

export const SHORTCUTS = {
  palette: { group: 'anywhere', keys: ['Mod+k'], writing: true },
  find: { group: 'anywhere', keys: ['/'] },
  help: { group: 'anywhere', keys: ['?'] },
  undo: { group: 'anywhere', keys: ['Mod+z'], needs: 'add_comment' },
  redo: { group: 'anywhere', keys: ['Mod+Shift+z', 'Mod+y'], needs: 'add_comment' },
  back: { group: 'anywhere', keys: ['Escape'], native: true },
  up: { group: 'board', keys: ['ArrowUp', 'k'] },
  down: { group: 'board', keys: ['ArrowDown', 'j'] },
  left: { group: 'board', keys: ['ArrowLeft', 'h'] },
  right: { group: 'board', keys: ['ArrowRight'] },
  create: { group: 'board', keys: ['n'], needs: 'create_task' },
  open: { group: 'card', keys: ['Enter'], native: true },
  rename: { group: 'card', keys: ['e'], needs: 'update_task' },
  labels: { group: 'card', keys: ['l'], needs: 'update_task' },
  assignees: { group: 'card', keys: ['a'], needs: 'update_task' },
  due: { group: 'card', keys: ['d'], needs: 'update_task' },
  priority: { group: 'card', keys: ['p'], needs: 'update_task' },
  move: { group: 'card', keys: ['m'], needs: 'move_task' },
  archive: { group: 'card', keys: ['c'], needs: 'archive_task' },
  choose: { group: 'card', keys: ['x'], native: true, needs: 'update_task' },
  chooseOn: { group: 'card', keys: ['Shift+ArrowUp', 'Shift+ArrowDown'], native: true, needs: 'update_task' },
  carry: { group: 'card', keys: [' '], native: true, needs: 'move_task' },
  lanes: { group: 'views', keys: ['g'] },
  asBoard: { group: 'views', keys: ['1'] },
  asList: { group: 'views', keys: ['2'] },
  asCalendar: { group: 'views', keys: ['3'] },
  mine: { group: 'views', keys: ['t'] },
  sooner: { group: 'views', keys: ['Shift+ArrowLeft'], native: true, needs: 'update_task' },
  later: { group: 'views', keys: ['Shift+ArrowRight'], native: true, needs: 'update_task' },
  shorter: { group: 'views', keys: ['<'], native: true, needs: 'update_task' },
  longer: { group: 'views', keys: ['>'], native: true, needs: 'update_task' },
  turn: { group: 'views', keys: ['PageUp', 'PageDown'], native: true },
} as const satisfies Record<string, Entry>

export type Shortcut = keyof typeof SHORTCUTS

/** Those that Keys.svelte acts on. */
export type Handled = { [S in Shortcut]: (typeof SHORTCUTS)[S] extends { native: true } ? never : S }[Shortcut]

const entries = Object.entries(SHORTCUTS) as [Shortcut, Entry][]

/** Those of a group that `may` allows. */
export function shortcutsOf(group: Group, may: May): readonly Shortcut[] {
  return entries.filter(([, entry]) => entry.group === group && allowed(entry, may)).map(([shortcut]) => shortcut)
}

/** What the role on the page's board allows; everything where there is no board. */
export type May = (command: Command['type']) => boolean

export function isAllowed(shortcut: Shortcut, may: May): boolean {
  return allowed(SHORTCUTS[shortcut], may)
}

function allowed({ needs }: Entry, may: May): boolean {
  return needs === undefined || may(needs)
}

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Which shortcut a press of keys is, if any that we act on. `writing`: in a field of text. */
export function shortcutOf(press: Press, writing: boolean): Handled | null {
  const pressed = nameOf(press)
  for (const [shortcut, { keys, native, writing: always }] of entries)
    if (!native && (always || !writing) && keys.includes(pressed)) return shortcut as Handled
  return null
}

/** A character with neither Ctrl nor ⌘ is what was typed, so `?` and `/` are found on every keyboard. */
function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Press): string {
  const mod = ctrlKey || metaKey
  if (altKey && (mod || key.length > 1)) return ''
  if (key.length === 1 && !mod) return key
  return `${mod ? 'Mod+' : ''}${shiftKey ? 'Shift+' : ''}${key.length === 1 ? key.toLowerCase() : key}`
}

const CAPS: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' }
const MAC_CAPS: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧' }

/** What is printed on the keys of a shortcut: `Ctrl`, `Shift`, `Z`. */
export function capsOf(keys: string, mac: boolean): readonly string[] {
  const named: Readonly<Record<string, string>> = {
    Mod: 'Ctrl',
    Escape: 'Esc',
    ' ': '␣',
    PageUp: 'Page ↑',
    PageDown: 'Page ↓',
    ...CAPS,
    ...(mac ? MAC_CAPS : {}),
  }
  return keys.split('+').map((key) => named[key] ?? (key.length === 1 ? key.toUpperCase() : key))
}
