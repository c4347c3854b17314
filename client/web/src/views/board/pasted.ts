/** Many lines at once: a title each, and submits that the server can take. Pure. */

import { LIMITS } from '../../protocol/generated'

/** More is hardly meant as cards. */
export const LINES_MAX = 500
/** Of one submit: its change must stay well below what a change may hold. */
export const COMMANDS_A_SUBMIT = 100

/** The lines that say something, without the marks of a list. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/).map((line) =>
    line
      .trim()
      .replace(/^(?:[-*•–]|\d+[.)])\s+/, '')
      .replace(/^\[[ xX]?\]\s*/, ''),
  )
  return lines.filter((line) => line !== '')
}

/** A title within its limit, and the whole of a longer one as a description. Counted in code points, as the server does. */
export function fitted(title: string): { readonly title: string; readonly description?: string } {
  const points = [...title]
  if (points.length <= LIMITS.title) return { title }
  const description = points.slice(0, LIMITS.description).join('')
  return {
    title: `${points
      .slice(0, LIMITS.title - 1)
      .join('')
      .trimEnd()}…`,
    description,
  }
}

export function inSubmits<C>(commands: readonly C[], most = COMMANDS_A_SUBMIT): readonly (readonly C[])[] {
  const submits: C[][] = []
  for (let at = 0; at < commands.length; at += most) submits.push(commands.slice(at, at + most))
  return submits
}
