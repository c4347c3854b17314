/** Refused requests about people and workspaces in the words of the catalogue: every code has a sentence, every field its own. */

import { tick } from 'svelte'
import { Problem } from '../../api/problem'
import { t } from '../../strings'
import type { FormErrors } from '../session/problems'

type Closer = Readonly<Record<string, string>>

/** `closer` says by code what is known better where it was asked. */
export function refusalText(wrong: unknown, closer: Closer = {}): string {
  if (!(wrong instanceof Problem)) throw wrong
  if (wrong.code === 'network') return t.errors.offline
  return closer[wrong.code] ?? t.workspace.codes[wrong.code] ?? t.errors.unknown
}

/** Field errors at their fields, all else for the whole form. */
export function refusals(wrong: unknown, closer: Closer = {}): FormErrors {
  const whole = refusalText(wrong, closer)
  const named = (wrong as Problem).errors.map(({ pointer }) => pointer.replace(/^\//, ''))
  const fields = Object.fromEntries(
    named.flatMap((field) => (t.workspace.fields[field] ? [[field, t.workspace.fields[field]]] : [])),
  )
  return Object.keys(fields).length > 0 ? { whole: null, fields } : { whole, fields }
}

/** Gives the focus to the first field that is wrong, once it is marked. */
export async function focusWrong(form: HTMLElement): Promise<void> {
  await tick()
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}

/** So many days from now, as requests take it. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString()
}
