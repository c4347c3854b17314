import { describe, expect, test } from 'vitest'
import { task } from '../../sync/testing/records'
import { cellRows, givenBy, grouped, groupedFrom, GROUPED, groupedText, intoLane, lanesOf, withGap } from './lanes'

const all = () => true
const of = (fields: object) => ({ ...task('t1', 'todo', 'a0'), ...fields })

describe('a card', () => {
  const both = of({ label_ids: ['x', 'y', 'gone'], assignee_ids: [], priority: 2 })
  const known = (id: string) => id !== 'gone'

  test('stands in the lane of each of its labels or people, and of its priority’s name', () => {
    expect(lanesOf(both, 'labels', known)).toEqual(['x', 'y'])
    expect(lanesOf(both, 'people', known)).toEqual(['-'])
    expect(lanesOf(both, 'priorities', known)).toEqual(['high'])
  })

  test('that has only what was deleted stands among those that have none', () => {
    expect(lanesOf(of({ label_ids: ['gone'] }), 'labels', known)).toEqual(['-'])
  })

  test('that is made in a lane has what the lane stands for', () => {
    expect(givenBy('labels', 'x')).toEqual({ label_ids: ['x'] })
    expect(givenBy('people', 'ann')).toEqual({ assignee_ids: ['ann'] })
    expect(givenBy('people', '-')).toEqual({})
    expect(givenBy('priorities', 'urgent')).toEqual({ priority: 1 })
  })
})

describe('into another lane', () => {
  const two = of({ label_ids: ['x', 'y'], assignee_ids: ['ann'], priority: 5 })

  test('one is swapped for the other, and nothing else changes', () => {
    expect(intoLane(two, 'labels', 'x', 'z', all)).toEqual({ labels: { add: ['z'], remove: ['x'] } })
    expect(intoLane(two, 'people', 'ann', 'milo', all)).toEqual({ assignees: { add: ['milo'], remove: ['ann'] } })
    expect(intoLane(two, 'priorities', 'medium', 'low', all)).toEqual({ priority: 8 })
  })

  test('where it stands already it leaves the lane that it is taken from', () => {
    expect(intoLane(two, 'labels', 'x', 'y', all)).toEqual({ labels: { remove: ['x'] } })
    expect(intoLane(two, 'labels', 'z', 'y', all)).toBeNull()
  })

  test('of none it loses all, and from none it gains one', () => {
    expect(intoLane(two, 'labels', 'x', '-', all)).toEqual({ labels: { remove: ['x', 'y'] } })
    expect(intoLane(of({ assignee_ids: [] }), 'people', '-', 'ann', all)).toEqual({ assignees: { add: ['ann'] } })
  })

  test('a card from elsewhere that goes along leaves the first it stands in', () => {
    expect(intoLane(two, 'labels', 'q', 'z', all)).toEqual({ labels: { add: ['z'], remove: ['x'] } })
  })

  test('the same one changes nothing', () => {
    expect(intoLane(two, 'labels', 'x', 'x', all)).toBeNull()
    expect(intoLane(two, 'labels', '-', '-', all)).toBeNull()
    expect(intoLane(two, 'priorities', 'medium', 'medium', all)).toBeNull()
    expect(intoLane(of({ priority: 2 }), 'priorities', 'low', 'high', all)).toBeNull()
  })
})

test('what the address says is read as it is written, and anything else is no grouping', () => {
  for (const by of GROUPED) expect(groupedFrom(groupedText(by))).toBe(by)
  for (const text of [null, '', 'people', 'column', '__proto__']) expect(groupedFrom(text)).toBeNull()
})

test('cells that hold the same stay the same arrays', () => {
  const lanes = (id: string) => (id === 'b' ? ['x', 'y'] : ['x'])
  const first = grouped(['a', 'b', 'c'], lanes, new Map())
  expect([...first]).toEqual([
    ['x', ['a', 'b', 'c']],
    ['y', ['b']],
  ])
  const second = grouped(['a', 'b'], lanes, first)
  expect(second.get('y')).toBe(first.get('y'))
  expect(second.get('x')).toEqual(['a', 'b'])
})

describe('a long cell', () => {
  const ids = Array.from({ length: 20 }, (_, at) => `c${at}`)
  const shape = (rows: ReturnType<typeof withGap>) =>
    rows.map((row) => ('gap' in row ? 'gap' : 'more' in row ? row.more : row.id))

  test('draws its first cards and the pinned ones, and counts the others where they are', () => {
    const rows = cellRows(ids, 2, new Set(['c1', 'c7', 'elsewhere']))
    expect(shape(rows)).toEqual(['c0', 'c1', 5, 'c7', 12])
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
    expect(shape(cellRows(ids.slice(0, 2), 2, new Set()))).toEqual(['c0', 'c1'])
  })

  test('opens its gap among the cards that are not lifted, before what is not drawn', () => {
    const rows = cellRows(ids, 3, new Set())
    const none = () => false
    expect(shape(withGap(rows, 0, none))).toEqual(['gap', 'c0', 'c1', 'c2', 17])
    expect(shape(withGap(rows, 3, none))).toEqual(['c0', 'c1', 'c2', 'gap', 17])
    expect(shape(withGap(rows, 1, (id) => id === 'c0'))).toEqual(['c0', 'c1', 'gap', 'c2', 17])
    expect(shape(withGap(rows, 20, none)).at(-1)).toBe('gap')
    expect(withGap(rows, null, none)).toBe(rows)
  })
})
