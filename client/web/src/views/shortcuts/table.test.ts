import { describe, expect, test } from 'vitest'
import { en } from '../../strings/en'
import { capsOf, GROUPS, isAllowed, shortcutOf, SHORTCUTS, shortcutsOf, type Shortcut } from './table'

const NOTHING = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

/** The press that a keyboard makes of the table's own words. */
function press(keys: string) {
  const parts = keys.split('+')
  const key = parts.at(-1)!
  const held = { ctrlKey: parts.includes('Mod'), shiftKey: parts.includes('Shift') || key === '?' }
  return { ...NOTHING, ...held, key: held.ctrlKey && held.shiftKey ? key.toUpperCase() : key }
}

const all = Object.keys(SHORTCUTS) as Shortcut[]

describe('the table', () => {
  test('has no keys twice', () => {
    const keys = all.flatMap((shortcut) => [...SHORTCUTS[shortcut].keys] as string[])
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('is told whole, each in words, in the sheet', () => {
    expect(GROUPS.flatMap((group) => shortcutsOf(group, () => true)).toSorted()).toEqual(all.toSorted())
    expect(Object.keys(en.views.shortcuts.names).toSorted()).toEqual(all.toSorted())
  })

  test('offers nobody what their role does not allow', () => {
    const comments = (command: string) => command === 'add_comment'
    const offered = GROUPS.flatMap((group) => shortcutsOf(group, comments))
    expect(offered).toContain('undo')
    for (const edit of ['create', 'rename', 'move', 'archive', 'carry', 'choose', 'later'] as const) {
      expect(offered).not.toContain(edit)
      expect([isAllowed(edit, comments), isAllowed(edit, () => true)]).toEqual([false, true])
    }
    expect(GROUPS.flatMap((group) => shortcutsOf(group, () => false))).not.toContain('undo')
  })

  test.each(all.filter((shortcut) => !('native' in SHORTCUTS[shortcut])))('%s is found by each of its keys', (name) => {
    for (const keys of SHORTCUTS[name].keys) expect(shortcutOf(press(keys), false)).toBe(name)
  })
})

describe('a press', () => {
  test('in a field of text is writing, but for the palette', () => {
    const heard = all.filter((name) => SHORTCUTS[name].keys.some((keys) => shortcutOf(press(keys), true) !== null))
    expect(heard).toEqual(['palette'])
  })

  test('with further keys is another', () => {
    expect(shortcutOf({ ...NOTHING, key: 'n', ctrlKey: true }, false)).toBeNull()
    expect(shortcutOf({ ...NOTHING, key: 'k', ctrlKey: true, altKey: true }, false)).toBeNull()
    expect(shortcutOf({ ...NOTHING, key: 'ArrowDown', shiftKey: true }, false)).toBeNull()
    expect(shortcutOf({ ...NOTHING, key: 'N', shiftKey: true }, false)).toBeNull()
  })

  test('counts by what it types: on many keyboards ? and / need Shift or AltGr', () => {
    expect(shortcutOf({ ...NOTHING, key: '/', shiftKey: true }, false)).toBe('find')
    expect(shortcutOf({ ...NOTHING, key: '?', altKey: true }, false)).toBe('help')
  })

  test('of ⌘ is as good as one of Ctrl', () => {
    expect(shortcutOf({ ...NOTHING, key: 'k', metaKey: true }, true)).toBe('palette')
  })
})

test('keys are shown as they are printed', () => {
  expect(capsOf('Mod+Shift+z', false)).toEqual(['Ctrl', 'Shift', 'Z'])
  expect(capsOf('Mod+Shift+z', true)).toEqual(['⌘', '⇧', 'Z'])
  expect(capsOf('ArrowUp', true)).toEqual(['↑'])
})
