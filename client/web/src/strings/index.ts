/** The catalogue in use. Words are looked up here and nowhere else; dates and numbers follow `locale()` (language.ts). */

import { en, type Strings } from './en'
import { language } from './language'

export type { Strings }

/** English until `speak` has brought another one. */
export let t: Strings = en

/** Brings the catalogue of the language in use; call it before the page is drawn. Without it the page speaks English. */
export async function speak(): Promise<void> {
  if (language() !== 'de') return
  const brought = await import('./de').catch(() => null)
  if (brought) t = brought.de
}
