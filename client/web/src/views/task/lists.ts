/** Lists in Markdown while they are written, line by line. */

const ITEM = /^((?:\s*>)*\s*)([-*+]|(\d{1,9})([.)]))(\s+)(\[[ xX]\]\s+)?/

/**
 * What the line below begins with when a line is broken at `at`: the next item of its list. Empty where the item holds
 * nothing, so that the list ends there; null outside of lists.
 */
export function nextLine(line: string, at: number): string | null {
  const [all, before = '', mark = '', number, end, space, box] = ITEM.exec(line) ?? []
  if (all === undefined || at < all.length) return null
  if (all.length === line.length) return ''
  const next = number === undefined ? mark : `${Number(number) + 1}${end}`
  return `${before}${next}${space}${box ? '[ ] ' : ''}`
}
