/**
 * What is carried past sign-in and sign-up, in this tab alone and never in an address: an invitation, and where somebody
 * wanted to who went to a provider. Where the browser keeps nothing, it is carried as far as this page goes.
 */

export interface Invited {
  readonly secret: string
  readonly by: string
  readonly place: string
  /** The only address that may accept it. */
  readonly email: string | null
  /** They want to accept it as soon as they are signed in. */
  readonly agreed: boolean
}

const INVITED = 'lockstep-invited'
const WANTED = 'lockstep-wanted'

const here = new Map<string, string>()

export const carried = {
  invited(): Invited | null {
    const kept = read(INVITED)
    return kept === null ? null : (JSON.parse(kept) as Invited)
  },

  /** The one that they want to accept. */
  agreed(): Invited | null {
    const invited = carried.invited()
    return invited?.agreed ? invited : null
  },

  invite(invited: Invited): void {
    write(INVITED, JSON.stringify(invited))
  },

  forgetInvited(): void {
    write(INVITED, null)
  },

  /** Where to go on after a provider has sent the browser back. */
  want(path: string | null): void {
    write(WANTED, path)
  },

  /** That, once. */
  takeWanted(): string | null {
    const path = read(WANTED)
    write(WANTED, null)
    return path
  },
}

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key) ?? here.get(key) ?? null
  } catch {
    return here.get(key) ?? null
  }
}

function write(key: string, value: string | null): void {
  if (value === null) here.delete(key)
  else here.set(key, value)
  try {
    if (value === null) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, value)
  } catch {
    // this browser keeps nothing
  }
}
