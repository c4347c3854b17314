/** The words of one's own settings, which come with those pages: no board has to load them. */

import type { own as english } from './en.own'
import { language } from './language'

/** There once `speakOwn` has brought them. */
export let own: typeof english

export async function speakOwn(): Promise<void> {
  own = language() === 'de' ? (await import('./de.own')).own : (await import('./en.own')).own
}
