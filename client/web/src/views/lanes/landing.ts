/** Where something held over a cell lands: among the cards that are drawn, as if neither it nor its gap were there. */

import { GAP_PX } from '../board/rows'

/** The index among the cards of `ids` that are not lifted. */
export function landingIn(
  list: HTMLElement,
  ids: readonly string[],
  clientY: number,
  lifted: (id: string) => boolean,
): number {
  const y = clientY - list.getBoundingClientRect().top
  let edge = 0
  let after = 0
  for (const row of list.children as HTMLCollectionOf<HTMLElement>) {
    const id = row.dataset.card
    if ('gap' in row.dataset || (id !== undefined && lifted(id))) continue
    const height = row.offsetHeight
    if (id !== undefined) {
      const at = ids.indexOf(id)
      if (edge + height / 2 >= y) return ids.slice(0, at).filter((each) => !lifted(each)).length
      after = at + 1
    }
    edge += height === 0 ? 0 : height + GAP_PX
  }
  return ids.slice(0, after).filter((each) => !lifted(each)).length
}
