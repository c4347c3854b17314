/** How well a few typed letters mean a name: whole beginnings before beginnings of words before what is merely within. Pure. */

import { fold } from '../filter/filter'

/** A name made ready to be looked through again and again. */
export interface Needle {
  readonly words: readonly string[]
}

export function needleOf(typed: string): Needle {
  return { words: fold(typed).split(/\s+/).filter(Boolean) }
}

/** Null when a word is not in it at all, else 0 to 1. `folded` is the name as `fold` gives it. */
export function scoreOf({ words }: Needle, folded: string): number | null {
  let sum = 0
  for (const word of words) {
    const score = wordScore(word, folded)
    if (score === 0) return null
    sum += score
  }
  return words.length === 0 ? 0 : sum / words.length
}

function wordScore(word: string, name: string): number {
  const at = name.indexOf(word)
  const brevity = word.length / Math.max(name.length, 1) / 10
  if (at === 0) return 0.9 + brevity
  if (at > 0) return (beginsWord(name, at) || beginsLater(word, name, at) ? 0.7 : 0.5) + brevity
  return word.length > 1 ? scattered(word, name) : 0
}

function beginsWord(name: string, at: number): boolean {
  return !/[\p{L}\p{N}]/u.test(name[at - 1] ?? ' ')
}

/** Whether a later place than the first is the beginning of a word. */
function beginsLater(word: string, name: string, after: number): boolean {
  for (let at = name.indexOf(word, after + 1); at > 0; at = name.indexOf(word, at + 1))
    if (beginsWord(name, at)) return true
  return false
}

/** The letters in their order with others between them, up to 0.4 the fewer there are; nothing when they are far apart. */
function scattered(word: string, name: string): number {
  const first = name.indexOf(word[0]!)
  let at = first
  for (const letter of word.slice(1)) {
    at = at < 0 ? -1 : name.indexOf(letter, at + 1)
    if (at < 0) return 0
  }
  if (first < 0) return 0
  const density = word.length / (at - first + 1)
  return density < 0.4 ? 0 : 0.4 * density
}
