import { expect, test } from 'vitest'
import { nearest } from './focus'

function box(left: number, top: number, height = 50) {
  return { left, right: left + 276, top, bottom: top + height }
}

/** Three columns: two cards, none, three with a tall one. */
const CARDS = new Map([
  ['a1', box(0, 0)],
  ['a2', box(0, 56)],
  ['c1', box(576, 0)],
  ['c2', box(576, 56, 120)],
  ['c3', box(576, 182)],
])

const from = (id: string, direction: 'up' | 'down' | 'left' | 'right') => nearest(CARDS.get(id), CARDS, direction)

test('up and down stay in the column', () => {
  expect(from('a1', 'down')).toBe('a2')
  expect(from('a2', 'down')).toBeNull()
  expect(from('c3', 'up')).toBe('c2')
  expect(from('a1', 'up')).toBeNull()
})

test('sideways goes over empty columns to the card at the same height', () => {
  expect(from('a1', 'right')).toBe('c1')
  expect(from('a2', 'right')).toBe('c2')
  expect(from('c3', 'left')).toBe('a2')
  expect(from('c1', 'right')).toBeNull()
})

test('a column that is near and short comes before one that is far and level', () => {
  const cards = new Map([
    ['here', box(0, 800)],
    ['near', box(288, 0)],
    ['far', box(576, 800)],
  ])
  expect(nearest(cards.get('here'), cards, 'right')).toBe('near')
})

test('from nowhere leads nowhere', () => {
  expect(nearest(undefined, CARDS, 'down')).toBeNull()
})
