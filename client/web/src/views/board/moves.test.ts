import { expect, test } from 'vitest'
import { movesTo } from './moves'

const ids = ['a', 'b', 'c', 'd']
const places = (lifted: string[], index: number, shown = ids) =>
  movesTo(lifted, { column: 'todo', lane: null, index }, shown, ids).map((move) => [
    'id' in move && move.id,
    'place' in move && move.place,
  ])

test('each card follows the one before it', () => {
  expect(places(['x', 'c'], 1)).toEqual([
    ['x', { after: 'a' }],
    ['c', { after: 'x' }],
  ])
  expect(places(['d', 'b'], 0)).toEqual([
    ['d', 'top'],
    ['b', { after: 'd' }],
  ])
})

test('what stands there already does not move', () => {
  expect(places(['b', 'c'], 1)).toEqual([])
  expect(places(['a', 'c'], 1)).not.toEqual([])
  expect(places(['b'], 0, [])).toEqual([])
  expect(places(['b'], 1, ['a', 'd'])).toEqual([])
  expect(places(['b'], 2, ['a', 'd'])).toEqual([['b', { after: 'd' }]])
})
