import { describe, expect, test } from 'vitest'
import vectors from '../../../../tests/vectors/ranks.json'
import { between, byRank, rankAt, spread } from './ranks'

type Bound = string | null

describe('the server and the browser make the same ranks', () => {
  test.each(vectors.between as [Bound, Bound, string][])('between %s and %s: %s', (left, right, middle) => {
    expect(between(left, right)).toBe(middle)
  })

  test.each(vectors.spread as [Bound, Bound, number, string[]][])('spread %s to %s over %i', (left, right, n, run) => {
    expect(spread(left, right, n)).toEqual(run)
  })

  test.each(vectors.refused as [string, string][])('refused: %s, %s', (left, right) => {
    expect(() => between(left, right)).toThrow()
    expect(() => spread(left, right, 2)).toThrow()
  })

  test.each([
    ['append', (rank: string) => between(rank, null)],
    ['prepend', (rank: string) => between(null, rank)],
  ])('10,000 times %s stays within 5 characters', (_, next) => {
    let rank = between(null, null)
    for (let i = 0; i < 10_000; i++) rank = next(rank)
    expect(rank.length).toBeLessThanOrEqual(5)
  })
})

describe('a place among siblings', () => {
  const run = spread(null, null, 3).map((rank, i) => ({ id: `s${i}`, rank }))
  const landing = (place: Parameters<typeof rankAt>[1], siblings = run) =>
    [...siblings, { id: 'new', rank: rankAt(siblings, place) }].sort(byRank).map(({ id }) => id)

  test('top, bottom, after and before', () => {
    expect(landing('top')).toEqual(['new', 's0', 's1', 's2'])
    expect(landing('bottom')).toEqual(['s0', 's1', 's2', 'new'])
    expect(landing({ after: 's0' })).toEqual(['s0', 'new', 's1', 's2'])
    expect(landing({ before: 's2' })).toEqual(['s0', 's1', 'new', 's2'])
  })

  test('an anchor that is not there means the bottom', () => {
    expect(landing({ after: 'gone' })).toEqual(['s0', 's1', 's2', 'new'])
  })

  test('equal ranks leave no room between them: the next greater one bounds', () => {
    const twins = [
      { id: 'a', rank: 'a0' },
      { id: 'b', rank: 'a0' },
      { id: 'c', rank: 'a1' },
    ]
    expect(landing({ after: 'a' }, twins)).toEqual(['a', 'b', 'new', 'c'])
  })
})
