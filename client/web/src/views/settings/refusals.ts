/** Refused requests about one's account in the words of the catalogue: every code has a sentence, every field its own. */

import { Problem } from '../../api/problem'
import { t } from '../../strings'
import { own } from '../../strings/own'
import type { FormErrors } from '../session/problems'

export interface Closer {
  /** What a field says, by its name in the request. */
  readonly fields?: Readonly<Record<string, string>>
  /** What is known better where it was asked, by code. */
  readonly codes?: Readonly<Record<string, string>>
  /** Codes that are about a field. */
  readonly about?: Readonly<Record<string, string>>
}

/** Field errors at their fields, all else for the whole form. `/project_ids/3` belongs to the field `project_ids`. */
export function errorsOf(wrong: unknown, { fields = {}, codes = {}, about = {} }: Closer = {}): FormErrors {
  const whole = refusalText(wrong, codes)
  const field = about[(wrong as Problem).code]
  if (field) return { whole: null, fields: { [field]: whole } }
  const named = (wrong as Problem).errors.map(({ pointer }) => pointer.split('/')[1] ?? '')
  const known = named.filter((field) => field in fields)
  return known.length > 0
    ? { whole: null, fields: Object.fromEntries(known.map((field) => [field, fields[field]!])) }
    : { whole, fields: {} }
}

export function refusalText(wrong: unknown, codes: Closer['codes'] = {}): string {
  if (!(wrong instanceof Problem)) throw wrong
  const { code, retryMs } = wrong
  if (code === 'network') return t.errors.offline
  if (code === 'rate') return own.tooOften(Math.ceil((retryMs ?? 60_000) / 1000))
  return codes[code] ?? own.refused[code] ?? t.errors.unknown
}

/** The server names the password, not what is wrong with it. */
export function passwordWords(password: string): string {
  const { short, long, guessable } = own.password
  const length = [...password].length
  return length < 10 ? short : length > 1000 ? long : guessable
}
