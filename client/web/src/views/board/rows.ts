/** The geometry of a long list of cards: which of them are drawn, and where something held lands. Pure: heights in, places out. */

/** Between two cards, in CSS pixels. */
export const GAP_PX = 6

/** Ranges grow by so many cards at a time, so that not every scrolled pixel draws. */
const STEP = 8

/** A card, or room in the place of cards that are not drawn. */
export type Row = Drawn | Room

export interface Drawn {
  readonly key: string
  readonly id: string
  readonly at: number
}

export interface Room {
  readonly key: string
  readonly room: number
}

/** Where something lifted would land. */
export interface Gap {
  readonly key: 'gap'
  readonly gap: true
}

export interface Range {
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

export const NOTHING: Range = { from: 0, to: 0 }

/** Where each card begins, counted from the first; behind the last, where the list ends. */
export function edgesOf(ids: readonly string[], heightOf: (id: string) => number): Float64Array {
  const edges = new Float64Array(ids.length + 1)
  for (let i = 0; i < ids.length; i++) edges[i + 1] = edges[i]! + heightOf(ids[i]!) + GAP_PX
  return edges
}

/** Index of the first card that begins at `y` or below. */
export function firstFrom(edges: Float64Array, y: number): number {
  let low = 0
  let high = edges.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle]! < y) low = middle + 1
    else high = middle
  }
  return low
}

/** The cards between `top` and `bottom`, and a few more. */
export function rangeOf(edges: Float64Array, top: number, bottom: number): Range {
  const count = edges.length - 1
  const from = Math.max(0, firstFrom(edges, top) - 1)
  const to = firstFrom(edges, bottom)
  return { from: from - (from % STEP), to: Math.min(count, to + STEP - (to % STEP)) }
}

/** What stands in the list: a range and the pinned cards, with room for all others between them. Begins and ends with room. */
export function rowsOf(
  ids: readonly string[],
  edges: Float64Array,
  { from, to }: Range,
  pinned: ReadonlySet<string>,
): Row[] {
  const rows: Row[] = []
  let drawn = 0
  const draw = (at: number) => {
    if (at > drawn || rows.length === 0) rows.push(roomOf(rows.length, edges[at]! - edges[drawn]!))
    rows.push({ key: ids[at]!, id: ids[at]!, at })
    drawn = at + 1
  }
  const outside = [...pinned].map((id) => ids.indexOf(id)).filter((at) => at >= 0 && (at < from || at >= to))
  outside.sort((a, b) => a - b)
  for (const at of outside) if (at < from) draw(at)
  for (let at = from; at < Math.min(to, ids.length); at++) draw(at)
  for (const at of outside) if (at >= to) draw(at)
  rows.push(roomOf(rows.length, edges[ids.length]! - edges[drawn]!))
  return rows
}

/**
 * The index, among the cards that are not `lifted`, at which something held at `y` lands. The cards are taken as if they
 * stood together without a gap, so the answer does not depend on where the gap is now.
 */
export function landingAt(
  ids: readonly string[],
  heightOf: (id: string) => number,
  lifted: (id: string) => boolean,
  y: number,
): number {
  let edge = 0
  let index = 0
  for (const id of ids) {
    if (lifted(id)) continue
    const height = heightOf(id)
    if (edge + height / 2 >= y) return index
    edge += height + GAP_PX
    index += 1
  }
  return index
}

/** The rows with a gap before the card that has index `at` among those that are not lifted. */
export function withGap(
  rows: readonly Row[],
  ids: readonly string[],
  at: number | null,
  lifted: (id: string) => boolean,
): readonly (Row | Gap)[] {
  if (at === null) return rows
  let others = 0
  const before = ids.find((id) => !lifted(id) && others++ === at)
  const found = rows.findIndex((row) => 'id' in row && row.id === before)
  const where = found < 0 ? rows.length : found
  return [...rows.slice(0, where), { key: 'gap', gap: true }, ...rows.slice(where)]
}

function roomOf(at: number, room: number): Room {
  return { key: `room ${at}`, room }
}
