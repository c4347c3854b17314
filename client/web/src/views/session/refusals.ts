/** What is refused in front of the door, in words: for the whole form and for its fields. Not here: other forms (problems.ts). */

import { Problem } from '../../api/problem'
import { LIMITS } from '../../protocol/generated'
import { t } from '../../strings'
import { locale } from '../../strings/language'
import { NO_ERRORS, type FormErrors } from './problems'

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
  if (!(wrong instanceof Problem)) throw wrong
  const own = closer[wrong.code]
  if (own) return own
  if (wrong.code === 'network') return whole(t.errors.offline)
  if (wrong.code === 'rate') return whole(t.door.wait(soon(wrong.retryMs)))
  if (wrong.status === 503) return whole(t.door.busy(soon(wrong.retryMs)))
  const known: Readonly<Record<string, string>> = t.door.fields
  const named = wrong.errors.map(({ pointer }) => pointer.slice(1)).filter((field) => known[field])
  if (named.length === 0) return whole(t.errors.unknown)
  return { whole: null, fields: Object.fromEntries(named.map((field) => [field, known[field] as string])) }
}

/** Whether a mailed link is used up, too old or was never made. */
export function isOver(wrong: unknown): boolean {
  return wrong instanceof Problem && wrong.errors.some(({ pointer }) => pointer === '/token')
}

/** Once the fields are marked, the first wrong one is where one goes on. */
export function focusFirstWrong(form: HTMLElement): void {
  setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}

export function whole(sentence: string): FormErrors {
  return { whole: sentence, fields: {} }
}

export function at(field: string, sentence: string): FormErrors {
  return { whole: null, fields: { [field]: sentence } }
}

/** A wait in words, never too short: “in 5 minutes”. */
export function soon(ms: number | null): string {
  const words = new Intl.RelativeTimeFormat(locale())
  const seconds = Math.ceil((ms ?? 60_000) / 1000)
  if (seconds < 60) return words.format(seconds, 'second')
  const minutes = Math.ceil(seconds / 60)
  return minutes < 60 ? words.format(minutes, 'minute') : words.format(Math.ceil(minutes / 60), 'hour')
}
