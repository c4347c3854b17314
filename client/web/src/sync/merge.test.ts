import { describe, expect, test } from 'vitest'
import { edits, merge } from './merge'
import { Chance } from './testing/random'

const LIST = 'Spade\nGloves\nSeeds\nTwine\n'

describe('two texts from one', () => {
  test.each([
    [
      'other lines',
      LIST,
      'Spades\nGloves\nSeeds\nTwine\n',
      'Spade\nGloves\nSeeds\nRope\n',
      'Spades\nGloves\nSeeds\nRope\n',
    ],
    [
      'lines beside each other',
      LIST,
      'Spades\nGloves\nSeeds\nTwine\n',
      'Spade\nGlove\nSeeds\nTwine\n',
      'Spades\nGlove\nSeeds\nTwine\n',
    ],
    ['other words of one line', 'Dig the bed', 'Dig the left bed', 'Rake the bed', 'Rake the left bed'],
    ['one adds below, one edits above', 'Dig', 'Dig\nSow', 'Dig deep', 'Dig deep\nSow'],
    ['the same change', 'Dig', 'Rake', 'Rake', 'Rake'],
    ['mine alone', 'Dig', 'Rake', 'Dig', 'Rake'],
    ['theirs alone', 'Dig', 'Dig', 'Rake', 'Rake'],
    [
      'one took a line away',
      LIST,
      'Spade\nSeeds\nTwine\n',
      'Spade\nGloves\nSeeds\nTwine\nRope\n',
      'Spade\nSeeds\nTwine\nRope\n',
    ],
  ])('%s', (_, base, mine, theirs, text) => {
    expect(merge(base, mine, theirs)).toEqual({ text, clean: true })
    expect(merge(base, theirs, mine)).toEqual({ text, clean: true })
  })

  test.each([
    ['one word, two ways', 'Dig', 'Rake', 'Sow', 'Rake\nSow'],
    ['both write a first text', '', 'Mine', 'Theirs', 'Mine\nTheirs'],
    ['one changes what the other one deletes', 'Dig\nSow\n', 'Sow\n', 'Dig deep\nSow\n', 'Dig deep\nSow\n'],
  ])('no telling: %s', (_, base, mine, theirs, text) => {
    expect(merge(base, mine, theirs)).toEqual({ text, clean: false })
  })

  test('a text too large to compare is one place', () => {
    const long = 'x\n'.repeat(20_000)
    expect(merge(long, `${long}mine`, `theirs${long}`).clean).toBe(false)
  })

  test('whatever is written, one who changed nothing loses nothing', () => {
    const chance = new Chance(5)
    const any = () => Array.from({ length: chance.below(12) }, () => chance.of(['a', 'b', ' ', '\n', 'cd '])).join('')
    for (let i = 0; i < 2_000; i++) {
      const [base, mine, theirs] = [any(), any(), any()]
      expect(merge(base, mine, base)).toEqual({ text: mine, clean: true })
      expect(merge(base, base, theirs)).toEqual({ text: theirs, clean: true })
      const there = merge(base, mine, theirs)
      const back = merge(base, theirs, mine)
      expect(there.clean).toBe(back.clean)
      if (there.clean) expect(there.text).toBe(back.text)
    }
  })
})

describe('edits', () => {
  const applied = (before: string, after: string) =>
    edits(before, after).reduceRight(
      (text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to),
      before,
    )

  test.each([
    ['Dig the bed', 'Dig the bed now', [{ from: 11, to: 11, insert: ' now' }]],
    ['Dig all of the bed', 'Dig the bed', [{ from: 4, to: 11, insert: '' }]],
    [
      'a b c d e',
      'a x b c d y e',
      [
        { from: 2, to: 2, insert: 'x ' },
        { from: 8, to: 8, insert: 'y ' },
      ],
    ],
    ['same', 'same', []],
  ])('%s → %s', (before, after, expected) => expect(edits(before, after)).toEqual(expected))

  test('of a text too large to compare are one, in the middle', () => {
    const long = 'x '.repeat(5_000)
    expect(edits(`a${long}z`, `a${long}y${long}z`)).toEqual([{ from: 10_001, to: 10_001, insert: `y${long}` }])
    expect(edits(long, `${long}x `)).toEqual([{ from: 10_000, to: 10_000, insert: 'x ' }])
  })

  test('make one text into the other, whatever they are', () => {
    const chance = new Chance(7)
    const any = () => Array.from({ length: chance.below(12) }, () => chance.of(['a', 'b', ' ', '\n', 'cd '])).join('')
    for (let i = 0; i < 1_000; i++) {
      const [before, after] = [any(), any()]
      expect(applied(before, after)).toBe(after)
    }
  })
})
