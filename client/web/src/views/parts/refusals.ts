/** Refused requests in the words of the catalogue: every code has a sentence, every field its own. What is known only where it was asked is handed in. */

import { tick } from 'svelte'
import { Problem } from '../../api/problem'
import { t } from '../../strings'
import { locale } from '../../strings/language'

/** What a form says: as a whole, and at its fields. */
export interface FormErrors {
  readonly whole: string | null
  readonly fields: Readonly<Record<string, string>>
}

type Sentences = Readonly<Record<string, string>>

export interface Closer {
  /** What is known better where it was asked, by code. */
  readonly codes?: Sentences
  /** What a field says, by its name in the request. */
  readonly fields?: Sentences
  /** Codes that are about a field. */
  readonly about?: Sentences
}

export const NO_ERRORS: FormErrors = { whole: null, fields: {} }

export function refusalText(wrong: unknown, codes: Sentences = {}): string {
  if (!(wrong instanceof Problem)) throw wrong
  const { code, status, retryMs } = wrong
  if (code === 'network') return t.errors.offline
  if (code === 'rate') return t.errors.wait(soon(retryMs))
  return codes[code] ?? t.errors.codes[code] ?? (status === 503 ? t.errors.busy(soon(retryMs)) : t.errors.unknown)
}

/** Field errors at their fields, all else for the whole form. `/project_ids/3` belongs to the field `project_ids`. */
export function refusals(wrong: unknown, { codes, fields = {}, about = {} }: Closer = {}): FormErrors {
  const sentence = refusalText(wrong, codes)
  const { code, errors } = wrong as Problem
  const field = about[code]
  if (field) return at(field, sentence)
  const known = errors.map(({ pointer }) => pointer.split('/')[1] ?? '').filter((field) => field in fields)
  if (known.length === 0) return whole(sentence)
  return { whole: null, fields: Object.fromEntries(known.map((field) => [field, fields[field]!])) }
}

export function whole(sentence: string): FormErrors {
  return { whole: sentence, fields: {} }
}

export function at(field: string, sentence: string): FormErrors {
  return { whole: null, fields: { [field]: sentence } }
}

/** Gives the focus to the first field that is wrong, once it is marked. */
export async function focusWrong(form: HTMLElement | null | undefined): Promise<void> {
  await tick()
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}

/** A wait in words, never too short: “in 5 minutes”. */
export function soon(ms: number | null): string {
  const words = new Intl.RelativeTimeFormat(locale())
  const seconds = Math.ceil((ms ?? 60_000) / 1000)
  if (seconds < 60) return words.format(seconds, 'second')
  const minutes = Math.ceil(seconds / 60)
  return minutes < 60 ? words.format(minutes, 'minute') : words.format(Math.ceil(minutes / 60), 'hour')
}
