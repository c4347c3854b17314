import { expect, test } from 'vitest'
import { differences, type Part } from './differences'

const whole = (parts: readonly Part[]) => parts.map(({ text }) => text).join('')
const marked = (parts: readonly Part[]) => parts.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('')

test.each([
  ['Left bed first', 'Right bed first', '[Left] bed first', '[Right] bed first'],
  ['one\ntwo\nthree', 'one\nthree', 'one\n[two\n]three', 'one\nthree'],
  ['', 'words', '', '[words]'],
  ['same', 'same', 'same', 'same'],
  ['שלום 👩‍👩‍👧 one', 'שלום 👩‍👩‍👦 one', 'שלום [👩‍👩‍👧] one', 'שלום [👩‍👩‍👦] one'],
])('%j beside %j', (mine, theirs, mineMarked, theirsMarked) => {
  const parts = differences(mine, theirs)
  expect([marked(parts.mine), marked(parts.theirs)]).toEqual([mineMarked, theirsMarked])
})

test('long texts stay whole', () => {
  const [mine, theirs] = ['a b '.repeat(6_000), 'b c '.repeat(6_000)]
  const parts = differences(mine, theirs)
  expect([whole(parts.mine), whole(parts.theirs)]).toEqual([mine, theirs])
})
