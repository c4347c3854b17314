import { expect, test } from 'vitest'
import { Index, recentWith, type Entry, type Kind } from './entries'

function entry(id: string, kind: Kind, name: string, more: Partial<Entry> = {}): Entry {
  return { id, kind, name, run: () => {}, ...more }
}

const ENTRIES = [
  entry('c1', 'command', 'New card'),
  entry('c2', 'command', 'Undo'),
  entry('t1', 'card', 'Card game', { also: '#7' }),
  entry('t2', 'card', 'Dig the beds', { also: '#8 garden' }),
  entry('b1', 'board', 'Garden'),
  entry('p1', 'person', 'Carl'),
]

const ids = (entries: readonly Entry[]) => entries.map(({ id }) => id)

test('with nothing typed the recent come first, then commands and boards', () => {
  expect(ids(new Index(ENTRIES, ['t2', 'gone', 'c2']).find(''))).toEqual(['t2', 'c2', 'c1', 'b1'])
})

test('what fits better comes first, whatever its kind', () => {
  expect(ids(new Index(ENTRIES, []).find('car'))).toEqual(['p1', 't1', 'c1'])
})

test('of what fits alike the recent comes first', () => {
  const twins = [entry('a', 'card', 'Sow peas'), entry('b', 'card', 'Sow corn')]
  expect(ids(new Index(twins, ['b']).find('sow'))).toEqual(['b', 'a'])
})

test('a card is found by its number, and a name counts more than what else is known', () => {
  expect(ids(new Index(ENTRIES, []).find('#8'))).toEqual(['t2'])
  expect(ids(new Index(ENTRIES, []).find('garden'))).toEqual(['b1', 't2'])
})

test('what was chosen last is kept once, and not for ever', () => {
  expect(recentWith(['a', 'b'], 'b')).toEqual(['b', 'a'])
  expect(recentWith(Array.from({ length: 30 }, String), 'x')).toHaveLength(20)
})
