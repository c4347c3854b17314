/** What is refused in front of the door, in words: for the whole form and for its fields. Not here: other forms (parts/refusals). */

import { Problem } from '../../api/problem'
import { LIMITS } from '../../protocol/generated'
import { t } from '../../strings'
import { NO_ERRORS, refusals, type FormErrors } from '../parts/refusals'

export const PASSWORD_MIN = 10
const PASSWORD_MAX = 1000

export interface Typed {
  email?: string
  name?: string
  password?: string
}

/** What is wrong with what was typed, as far as that is known without asking. */
export function wrongIn({ email, name, password }: Typed): FormErrors {
  const fields: Record<string, string> = {}
  if (email !== undefined && !/^\S+@\S+$/.test(email.trim())) fields.email = t.door.fields.email
  if (name !== undefined && (!name.trim() || [...name.trim()].length > LIMITS.name)) fields.name = t.door.fields.name
  if (password !== undefined) {
    const length = [...password].length
    if (length < PASSWORD_MIN) fields.password = t.door.short(PASSWORD_MIN - length)
    if (length > PASSWORD_MAX) fields.password = t.door.long
  }
  return Object.keys(fields).length > 0 ? { whole: null, fields } : NO_ERRORS
}

/** What is missing before it makes sense to try a sign-in: an attempt is counted. */
export function missingIn(email: string, password: string): FormErrors {
  const { fields } = wrongIn({ email })
  const all = password ? fields : { ...fields, password: t.door.noPassword }
  return Object.keys(all).length > 0 ? { whole: null, fields: all } : NO_ERRORS
}

/** What the server says against it. `closer` says by code what only the form knows. */
export function refused(wrong: unknown, closer: Readonly<Record<string, FormErrors>> = {}): FormErrors {
  const own = wrong instanceof Problem ? closer[wrong.code] : undefined
  return own ?? refusals(wrong, { fields: t.door.fields })
}

/** Whether a mailed link is used up, too old or was never made. */
export function isOver(wrong: unknown): boolean {
  return wrong instanceof Problem && wrong.errors.some(({ pointer }) => pointer === '/token')
}
