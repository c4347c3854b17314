/** Order keys, as the server makes them (server/domain/ranks.py; vectors in tests/vectors/ranks.json). */

import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'
import type { Place } from '../protocol/generated'

interface Ranked {
  readonly id: string
  readonly rank: string
}

/**
 * A rank above `left` and below `right`, null being the open end. Throws unless both are ranks and `left` < `right`.
 */
export function between(left: string | null, right: string | null): string {
  inOrder(left, right)
  return generateKeyBetween(left, right)
}

/** `n` ascending ranks between `left` and `right`. Throws unless both are ranks and `left` < `right`. */
export function spread(left: string | null, right: string | null, n: number): string[] {
  inOrder(left, right)
  return generateNKeysBetween(left, right, n)
}

/** Order of records with ranks: by code units, ties by id. Never by locale. */
export function byRank(a: Ranked, b: Ranked): number {
  return compare(a.rank, b.rank) || compare(a.id, b.id)
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * The rank of a place among `siblings` (in order, without the one that is placed). An anchor that is not among them
 * means the bottom.
 */
export function rankAt(siblings: readonly Ranked[], place: Place): string {
  const at = indexOf(siblings, place)
  const left = siblings[at - 1]?.rank ?? null
  const right = siblings.slice(at).find(({ rank }) => left === null || rank > left)?.rank ?? null
  return between(left, right)
}

/** Where in `siblings` a new one goes. */
function indexOf(siblings: readonly Ranked[], place: Place): number {
  if (place === 'top') return 0
  if (place === 'bottom') return siblings.length
  const anchor = siblings.findIndex(({ id }) => id === (place.after ?? place.before))
  if (anchor < 0) return siblings.length
  return place.after === undefined ? anchor : anchor + 1
}

/** The package would quietly swap bounds that are out of order. */
function inOrder(left: string | null, right: string | null): void {
  if (left !== null && right !== null && left >= right) throw new RangeError(`${left} is not below ${right}`)
}
