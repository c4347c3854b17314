import { flushSync } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Op } from '../../protocol/generated'
import { LiveRecords } from '../../store/records.svelte'
import { Replica } from '../../sync/replica'
import { change, ME, PROJECT, snapshot, task } from '../../sync/testing/records'

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

const { Filtering } = await import('./filtering.svelte')
const { kept } = await import('../kept')
const { go, setQuery } = await import('../router.svelte')

let replica: Replica
let store: LiveRecords
let filtering: InstanceType<typeof Filtering>
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
  flushSync()
})

afterEach(() => stop.forEach((each) => each()))

function apply(...ops: Op[]): void {
  store.take(replica.apply([change(++seq, ops)]).touched)
  flushSync()
}

const patch = (id: string, fields: object): Op => ({ op: 'patch', kind: 'task', id, fields })

/** Every list of cards that was drawn for a column. */
function drawn(column: string): (readonly string[])[] {
  const lists: (readonly string[])[] = []
  const end = $effect.root(() => {
    const ids = $derived(filtering.idsOf(column))
    $effect(() => void lists.push(ids))
  })
  stop.push(end)
  flushSync()
  return lists
}

test('without a filter a column’s own list is given, as it is', () => {
  expect(filtering.idsOf('todo')).toBe(store.taskIds('todo'))
  expect(filtering.hidden).toBe(0)
})

test('a list is drawn again only when a card comes to be shown or hidden', () => {
  filtering.set({ priorities: ['urgent'] })
  const todo = drawn('todo')
  const done = drawn('done')
  apply(patch('t1', { title: 'Another' }))
  apply(patch('t3', { priority: 1 }))
  expect(todo).toEqual([[]])
  expect(done).toEqual([[], ['t3']])
  apply(patch('t2', { priority: 1 }), { op: 'put', kind: 'task', record: task('t4', 'todo', 'a2') })
  apply(patch('t2', { title: 'Still urgent' }))
  expect(todo).toEqual([[], ['t2']])
  expect(filtering.hidden).toBe(2)
})

test('the filter stands in the address and is kept, beside what else stands there', () => {
  filtering.look({ view: 'list', sort: '-due' })
  filtering.set({ text: 'dig', labels: ['l1', 'l2'] })
  expect(page.location.search).toBe('?view=list&sort=-due&q=dig&label=l1,l2')
  expect(new URLSearchParams(kept(ME, PROJECT)).get('q')).toBe('dig')
  filtering.clear()
  filtering.look({ view: 'board', sort: '' })
  expect(page.location.search).toBe('')
  expect(kept(ME, PROJECT)).toBe('')
})

test('within a board its filter goes along, to another board it does not', () => {
  filtering.set({ text: 'dig' })
  go(`/p/${PROJECT}/t/t1`)
  expect(filtering.filter.text).toBe('dig')
  go('/p/p2')
  expect(filtering.active).toBe(false)
})

test('a word that names no view is the board', () => {
  setQuery(new URLSearchParams('view=hologram'))
  expect(filtering.view).toBe('board')
})
