/**
 * How somebody likes to look at things, kept in this browser: a view and a filter for each board, what was chosen last.
 * Of the boards themselves nothing but ids, and words that were searched for.
 */

const PREFIX = 'lockstep.looks'

/** Empty when nothing is kept under this name. */
export function kept(user: string, name: string): string {
  try {
    return localStorage.getItem(key(user, name)) ?? ''
  } catch {
    return ''
  }
}

export function keep(user: string, name: string, text: string): void {
  try {
    if (text) localStorage.setItem(key(user, name), text)
    else localStorage.removeItem(key(user, name))
  } catch {
    // This browser keeps nothing: it lasts as long as the page.
  }
}

/** Nothing of it stays of a project that somebody is not in any more. */
export function forgetLooksOf(user: string, project: string): void {
  const start = key(user, '')
  forget((name) => name.startsWith(start) && name.endsWith(project))
}

/** Nothing of it stays when somebody signs out. */
export function forgetLooks(): void {
  forget((name) => name.startsWith(PREFIX))
}

function forget(which: (name: string) => boolean): void {
  try {
    for (const name of Object.keys(localStorage).filter(which)) localStorage.removeItem(name)
  } catch {
    // nothing was kept
  }
}

function key(user: string, name: string): string {
  return `${PREFIX} ${user} ${name}`
}
