/** A refused request in the words of the catalogue: for the whole form and for its fields. */

import { Problem } from '../../api/problem'
import { t } from '../../strings'

export interface FormErrors {
  whole: string | null
  fields: Record<string, string>
}

export const NO_ERRORS: FormErrors = { whole: null, fields: {} }

/** Field errors are named by JSON Pointer: `/email` belongs to the field `email`. */
export function formErrors(wrong: unknown): FormErrors {
  if (!(wrong instanceof Problem)) throw wrong
  if (wrong.code === 'network') return { whole: t.errors.offline, fields: {} }
  const fields = Object.fromEntries(
    wrong.errors.map(({ pointer, message }) => [pointer.replace(/^\//, ''), sentence(message)]),
  )
  if (Object.keys(fields).length > 0) return { whole: null, fields }
  return { whole: wrong.status >= 500 ? t.errors.unknown : sentence(wrong.detail), fields }
}

/** What a page says when its content could not be fetched. */
export function problemText(wrong: unknown): string {
  if (!(wrong instanceof Problem)) throw wrong
  return wrong.code === 'network' ? t.errors.offline : wrong.status >= 500 ? t.errors.unknown : sentence(wrong.detail)
}

function sentence(text: string): string {
  const first = text.charAt(0).toLocaleUpperCase() + text.slice(1)
  return /[.!?]$/.test(first) ? first : `${first}.`
}
