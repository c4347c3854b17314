/** What people type at the door, kept while they go from one of its pages to another, and what the server lets them do there. */

import type { Http } from '../../api/http'
import { methods, type Methods } from '../../api/entrance'

interface Entry {
  email: string
  name: string
  password: string
}

export const entry = $state<Entry>({ email: '', name: '', password: '' })

/** They are in. */
export function forgetTyped(): void {
  Object.assign(entry, { email: '', name: '', password: '' })
}

/** Of a server that does not say. */
const PLAIN: Methods = { registration: 'open', mail: false, provider: null }

let asked: Promise<Methods> | null = null

/** What this server offers, asked once; when it cannot be asked, the usual, and asked again the next time. */
export function offered(http: Http): Promise<Methods> {
  asked ??= methods(http).catch(() => {
    asked = null
    return PLAIN
  })
  return asked
}
