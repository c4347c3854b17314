import { describe, expect, test } from 'vitest'
import { follow, merge } from './merge'
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

describe('the caret', () => {
  test.each([
    ['stays before a change', 'Dig the bed|', 'Dig the bed| now'],
    ['moves with what comes before it', 'Dig the |bed', 'Dig all of the |bed'],
    ['moves with what goes before it', 'Dig all of the |bed', 'Dig the |bed'],
    ['between two changes', 'a b |c d e', 'a x b |c d y e'],
    ['in a word that is another one now', 'Dig th|e bed', 'Dig a|n bed'.replace('a|n', 'an|')],
    ['in a text that is gone', 'Dig |it', '|'],
  ])('%s', (_, before, after) => {
    const plain = (text: string) => text.replace('|', '')
    expect(follow(before.indexOf('|'), plain(before), plain(after))).toBe(after.indexOf('|'))
  })

  test('stays within a text too large to compare', () => {
    const long = 'x '.repeat(5_000)
    expect(follow(9_000, long, long.slice(0, 8_000))).toBe(8_000)
  })
})
