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

/** Where a caret at `at` goes when `before` becomes `after` around it. */
export function follow(at: number, before: string, after: string): number {
  const [from, to] = [words(before), words(after)]
  if (from.length * to.length > COMPARISONS_MAX) return Math.min(at, after.length)
  let shift = 0
  for (const { buffer1, buffer1Content, buffer2Content } of diffIndices(from, to)) {
    const start = from.slice(0, buffer1[0]).join('').length
    const [gone, come] = [buffer1Content.join('').length, buffer2Content.join('').length]
    if (at <= start) break
    if (at < start + gone) return start + shift + Math.min(at - start, come)
    shift += come - gone
  }
  return at + shift
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
