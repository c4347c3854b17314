/**
 * Who was signed in here last, so that a page without a network knows whose boards to show. Forgotten where the browser
 * keeps nothing. Not here: the sign-in itself, which is a cookie that no script sees.
 */

import type { SignedIn } from '../api/http'

const USER = 'lockstep-user'
const LEFT = 'lockstep-left'

export const visit = {
  user(): SignedIn | null {
    const kept = read(USER)
    return kept === null ? null : (JSON.parse(kept) as SignedIn)
  },

  enter(user: SignedIn): void {
    write(USER, JSON.stringify(user))
    write(LEFT, null)
  },

  /** `told`: the server knows that the sign-in has ended. */
  leave(told: boolean): void {
    write(USER, null)
    write(LEFT, told ? null : 'yes')
  },

  /** They signed out here, and the server could not be told. */
  left(): boolean {
    return read(LEFT) !== null
  },
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // this browser keeps nothing
  }
}
