import { describe, expect, it } from 'vitest'
import { edgesOf, firstFrom, GAP_PX, landingAt, rangeOf, rowsOf, withGap, type Row } from './rows'

const HEIGHT = 44
const STRIDE = HEIGHT + GAP_PX
const ids = Array.from({ length: 4_000 }, (_, at) => `card ${at}`)
const edges = edgesOf(ids, () => HEIGHT)
const none = new Set<string>()

const cards = (rows: readonly Row[]) => rows.flatMap((row) => ('id' in row ? [row.id] : []))
const height = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + ('id' in row ? STRIDE : row.room), 0)

describe('the cards of a long column', () => {
  it('are drawn where they are seen, whatever the number', () => {
    const top = 2_000 * STRIDE
    const range = rangeOf(edges, top, top + 700)
    expect(range.from).toBeLessThanOrEqual(2_000)
    expect(range.to).toBeGreaterThanOrEqual(2_014)
    expect(range.to - range.from).toBeLessThan(40)
  })

  it('take the same height drawn or not', () => {
    for (const top of [0, 777, 100_000, edges[4_000]! - 700]) {
      const rows = rowsOf(ids, edges, rangeOf(edges, top, top + 700), none)
      expect(height(rows)).toBe(edges[4_000])
      expect('room' in rows[0]! && 'room' in rows.at(-1)!).toBe(true)
    }
  })

  it('stay drawn while they are pinned, in their order', () => {
    const rows = rowsOf(ids, edges, { from: 100, to: 104 }, new Set(['card 3000', 'card 7', 'card 101', 'gone']))
    expect(cards(rows)).toEqual(['card 7', 'card 100', 'card 101', 'card 102', 'card 103', 'card 3000'])
    expect(height(rows)).toBe(edges[4_000])
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
  })

  it('are all drawn when they are few', () => {
    const few = ids.slice(0, 12)
    const few_edges = edgesOf(few, () => HEIGHT)
    expect(cards(rowsOf(few, few_edges, rangeOf(few_edges, 0, 700), none))).toEqual(few)
    expect(
      rowsOf(
        [],
        edgesOf([], () => HEIGHT),
        { from: 0, to: 0 },
        none,
      ),
    ).toEqual([{ key: 'room 0', room: 0 }])
  })

  it('are found by where they begin', () => {
    expect(firstFrom(edges, 0)).toBe(0)
    expect(firstFrom(edges, 1)).toBe(1)
    expect(firstFrom(edges, STRIDE)).toBe(1)
    expect(firstFrom(edges, 1e9)).toBe(4_000)
  })
})

describe('what is held lands', () => {
  const three = ['a', 'b', 'c']
  const at = (y: number, ...lifted: string[]) =>
    landingAt(
      three,
      () => HEIGHT,
      (id) => lifted.includes(id),
      y,
    )

  it('before the first card whose middle lies below it', () => {
    expect([at(-5), at(HEIGHT / 2 + 1), at(STRIDE + HEIGHT / 2), at(500)]).toEqual([0, 1, 1, 3])
  })

  it('among the others, as if the lifted ones were not there', () => {
    expect([at(HEIGHT / 2 + 1, 'a'), at(500, 'a'), at(500, 'a', 'c')]).toEqual([1, 2, 1])
  })
})

describe('the gap', () => {
  const three = ['a', 'b', 'c']
  const drawn = rowsOf(
    three,
    edgesOf(three, () => HEIGHT),
    { from: 0, to: 3 },
    none,
  )
  const opened = (at: number | null, lifted = '') =>
    withGap(drawn, three, at, (id) => id === lifted)
      .map(({ key }) => key.replace(/room \d/, '-'))
      .join(' ')

  it('opens among the cards that are not lifted', () => {
    expect(opened(null)).toBe('- a b c -')
    expect(opened(1)).toBe('- a gap b c -')
    expect(opened(1, 'a')).toBe('- a b gap c -')
    expect(opened(3)).toBe('- a b c - gap')
  })
})
