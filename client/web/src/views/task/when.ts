/** A date or a time in words, as people type it: `fri 14:00`, `tomorrow`, `in 3 days`. */

import { understand, type Known } from '../board/quick'

/** Days of a unit by its beginning, in English and German. */
const UNITS = [
  [/^(?:d|t)/, 1],
  [/^w/, 7],
] as const

/** The wire's text; null when it is not understood as a whole. */
export function whenIn(words: string, known: Known): string | null {
  if (/[#@!^]/.test(words)) return null // signs of a line that makes a card
  const [, count = '', unit = '', rest = ''] = /^in (\d{1,3}) ?(\p{L}+)(.*)$/iu.exec(words.trim()) ?? []
  const days = UNITS.find(([begins]) => begins.test(unit.toLocaleLowerCase()))?.[1]
  const said = days ? `+${Number(count) * days}${rest}` : words.trim()
  const { title, due_at } = understand(`^${said.replace(/\s+/g, ' ')}`, known)
  return title === '' ? due_at : null
}
