import { flushSync } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Op } from '../../protocol/generated'
import { LiveRecords } from '../../store/records.svelte'
import { Replica } from '../../sync/replica'
import { change, ME, PROJECT, snapshot } from '../../sync/testing/records'

/** The address bar and the storage of a browser, as far as they are used here. */
const page = vi.hoisted(() => {
  const page = { location: new URL('http://board.test/p/p1'), kept: new Map<string, string>() }
  const go = (_: unknown, __: string, address: string) => (page.location = new URL(address, page.location))
  Object.defineProperty(globalThis, 'location', { get: () => page.location, configurable: true })
  Object.assign(globalThis, {
    history: { pushState: go, replaceState: go },
    localStorage: {
      getItem: (key: string) => page.kept.get(key) ?? null,
      setItem: (key: string, value: string) => page.kept.set(key, value),
      removeItem: (key: string) => page.kept.delete(key),
    },
  })
  return page
})

const { Filtering } = await import('../filter/filtering.svelte')
const { Grouping } = await import('./grouping.svelte')
const { go, setQuery } = await import('../router.svelte')

let replica: Replica
let store: LiveRecords
let filtering: InstanceType<typeof Filtering>
let grouping: InstanceType<typeof Grouping>
let seq: number
let stop: (() => void)[]

beforeEach(() => {
  stop = []
  seq = 10
  go('/')
  go(`/p/${PROJECT}`)
  setQuery(new URLSearchParams())
  page.kept.clear()
  replica = new Replica(() => ME)
  store = new LiveRecords(replica.view, () => ME)
  store.take(replica.load(snapshot()).touched)
  filtering = new Filtering(store, PROJECT, ME)
  grouping = new Grouping(store, filtering, ME, PROJECT)
  flushSync()
})

afterEach(() => stop.forEach((each) => each()))

function apply(...ops: Op[]): void {
  store.take(replica.apply([change(++seq, ops)]).touched)
  flushSync()
}

const patch = (id: string, fields: object): Op => ({ op: 'patch', kind: 'task', id, fields })

/** Every list of cards that was drawn for a cell. */
function drawn(column: string, lane: string): (readonly string[])[] {
  const lists: (readonly string[])[] = []
  const end = $effect.root(() => {
    const ids = $derived(grouping.idsAt({ column, lane }))
    $effect(() => void lists.push(ids))
  })
  stop.push(end)
  flushSync()
  return lists
}

test('cells follow what lanes stand for, and only those that it concerns are drawn again', () => {
  const todo = store.columns[0]!.id
  grouping.group('people')
  const [mine, nobody] = [drawn(todo, ME), drawn(todo, '-')]
  expect([mine, nobody]).toEqual([[[]], [['t1', 't2']]])
  apply(patch('t1', { assignee_ids: [ME, 'u2'] }))
  expect(mine).toEqual([[], ['t1']])
  expect(nobody.at(-1)).toEqual(['t2'])
  apply(patch('t2', { title: 'Another' }), patch('t1', { priority: 1 }))
  expect([mine.length, nobody.length]).toEqual([2, 2])
})

test('lanes are those one can choose, without the empty ones when these are hidden', () => {
  grouping.group('labels')
  expect(grouping.lanes.map(({ value }) => value)).toEqual(['l1', 'l2', '-'])
  apply(patch('t1', { label_ids: ['l2'] }))
  grouping.hideEmpty(true)
  expect(grouping.lanes.map(({ value }) => value)).toEqual(['l2', '-'])
  apply({ op: 'remove', kind: 'label', id: 'l2' })
  expect(grouping.lanes.map(({ value }) => value)).toEqual(['-'])
  expect(grouping.spotOf('t1', 'l2')?.lane).toBe('-')
})

test('the lane of somebody who has left takes nothing, and is there while it holds something', () => {
  grouping.group('people')
  apply(patch('t1', { assignee_ids: ['u2'] }), { op: 'patch', kind: 'member', id: 'u2', fields: { role: null } })
  expect(grouping.lanes.map(({ value }) => value)).toEqual([ME, 'u2', '-'])
  expect([grouping.takes('u2'), grouping.takes(ME), grouping.takes('-'), grouping.takes('gone')]).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect(grouping.beside(ME, 1)).toBe('-')
  apply(patch('t1', { assignee_ids: [] }))
  expect(grouping.lanes.map(({ value }) => value)).toEqual([ME, '-'])
})

test('what lanes cards are taken into is one edit each, with its base where that is a field', () => {
  grouping.group('priorities')
  expect(grouping.edits(['t1', 'gone'], 'medium', 'urgent', 10)).toEqual([
    { type: 'update_task', id: 't1', priority: 1, base_seq: 10 },
  ])
  grouping.group('people')
  expect(grouping.edits(['t1'], '-', ME, 10)).toEqual([{ type: 'update_task', id: 't1', assignees: { add: [ME] } }])
  grouping.group(null)
  expect(grouping.edits(['t1'], null, ME, 10)).toEqual([])
})

test('folded lanes are passed over and kept', () => {
  grouping.group('priorities')
  grouping.fold('high')
  expect(grouping.beside('urgent', 1)).toBe('medium')
  expect(grouping.beside('urgent', -1)).toBe('urgent')
  expect(new Grouping(store, filtering, ME, PROJECT).isFolded('high')).toBe(true)
})
