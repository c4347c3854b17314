/** Where two versions of a text differ, for each of them. Pure. */

import { edits } from '../../sync/merge'

export interface Part {
  readonly text: string
  /** The other version has something else here. */
  readonly differs: boolean
}

export function differences(mine: string, theirs: string): { mine: readonly Part[]; theirs: readonly Part[] } {
  const [ours, others]: [Part[], Part[]] = [[], []]
  let at = 0
  for (const { from, to, insert } of edits(mine, theirs)) {
    for (const side of [ours, others]) add(side, mine.slice(at, from), false)
    add(ours, mine.slice(from, to), true)
    add(others, insert, true)
    at = to
  }
  for (const side of [ours, others]) add(side, mine.slice(at), false)
  return { mine: ours, theirs: others }
}

function add(parts: Part[], text: string, differs: boolean): void {
  if (text) parts.push({ text, differs })
}
