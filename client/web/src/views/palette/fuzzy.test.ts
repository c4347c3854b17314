import { expect, test } from 'vitest'
import { fold } from '../filter/filter'
import { needleOf, scoreOf } from './fuzzy'

function ranked(typed: string, names: string[]): string[] {
  const needle = needleOf(typed)
  const scored = names.map((name) => ({ name, score: scoreOf(needle, fold(name)) }))
  return scored
    .filter(({ score }) => score !== null)
    .sort((a, b) => b.score! - a.score!)
    .map(({ name }) => name)
}

test('beginnings come before words before parts before scattered letters', () => {
  const names = ['overlabour', 'a new label', 'l a b x', 'label', 'plan a bed']
  expect(ranked('lab', names)).toEqual(['label', 'a new label', 'overlabour', 'l a b x', 'plan a bed'])
})

test('of two that begin alike the shorter comes first', () => {
  expect(ranked('car', ['carrots in rows', 'carrot'])).toEqual(['carrot', 'carrots in rows'])
})

test('all words must be there, in any order, whatever their case and accents', () => {
  expect(ranked('BEET uber', ['Über das Beet', 'Über'])).toEqual(['Über das Beet'])
})

test('letters far apart are no match, nor is a single one that is missing', () => {
  expect(ranked('dg', ['dig', 'don’t you ever get lost'])).toEqual(['dig'])
  expect(ranked('z', ['dig'])).toEqual([])
})

test('nothing typed finds everything', () => {
  expect(ranked(' ', ['a', 'b'])).toEqual(['a', 'b'])
})
