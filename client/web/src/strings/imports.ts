/** The words of imports, which come with their dialog: no board has to load them. */

import type { imports as english } from './en.imports'
import { language } from './language'

/** There once `speakImports` has brought them. */
export let imports: typeof english

export async function speakImports(): Promise<void> {
  imports = language() === 'de' ? (await import('./de.imports')).imports : (await import('./en.imports')).imports
}
