/** Texts that two people changed at once: made one where they changed different places. By lines, then by words. */

import { diff3Merge, diffIndices } from 'node-diff3'

export interface Merged {
  /** Where both changed the same place it has both, mine first. */
  readonly text: string
  /** Nobody changed what the other one changed. */
  readonly clean: boolean
}

/** Comparing takes time by the product of the lengths; above this nobody would wait for it, and it counts as one place. */
const COMPARISONS_MAX = 4_000_000

export function merge(base: string, mine: string, theirs: string): Merged {
  if (mine === theirs || theirs === base) return { text: mine, clean: true }
  if (mine === base) return { text: theirs, clean: true }
  // The last line ends like all others, so that adding one below does not change it.
  const { text, clean } = mergeBy([lines, words], `${base}\n`, `${mine}\n`, `${theirs}\n`)
  return { text: text.slice(0, -1), clean }
}

/** A place in a text, and what stands there in another one. */
export interface Edit {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** What makes `before` into `after`, from front to back and as little as there is: a caret in between stays at its words. */
export function edits(before: string, after: string): readonly Edit[] {
  const [from, to] = [words(before), words(after)]
  if (from.length * to.length > COMPARISONS_MAX) return [middle(before, after)]
  const startOf = starts(from)
  return diffIndices(from, to).map(({ buffer1: [first, count], buffer2Content }) => ({
    from: startOf[first]!,
    to: startOf[first + count]!,
    insert: buffer2Content.join(''),
  }))
}

/** All between what both begin with and what both end with. */
function middle(before: string, after: string): Edit {
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head] === after[head]) head++
  let tail = 0
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) }
}

/** Where each part begins, and where the last one ends. */
function starts(parts: readonly string[]): readonly number[] {
  const all = [0]
  for (const part of parts) all.push(all.at(-1)! + part.length)
  return all
}

type Split = (text: string) => string[]

function mergeBy([split, ...finer]: readonly Split[], base: string, mine: string, theirs: string): Merged {
  const both = { text: joined(mine, theirs), clean: false }
  if (!split) return both
  const [a, o, b] = [split(mine), split(base), split(theirs)]
  if (Math.max(a.length, b.length) * o.length > COMPARISONS_MAX) return both
  const parts = diff3Merge(a, o, b, { excludeFalseConflicts: true }).map(({ ok, conflict }): Merged => {
    if (!conflict) return { text: (ok ?? []).join(''), clean: true }
    return mergeBy(finer, conflict.o.join(''), conflict.a.join(''), conflict.b.join(''))
  })
  return { text: parts.map(({ text }) => text).join(''), clean: parts.every(({ clean }) => clean) }
}

/** Two versions of one place, each in a line of its own where it had one. */
function joined(mine: string, theirs: string): string {
  return mine && theirs && !mine.endsWith('\n') ? `${mine}\n${theirs}` : mine + theirs
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? []
}

function words(text: string): string[] {
  return text.match(/\n|[^\S\n]+|\S+/g) ?? []
}
