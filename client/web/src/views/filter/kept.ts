/** How somebody last looked at each board, kept in this browser: view and filter, as the query of the address. */

const PREFIX = 'lockstep.view'

export function keptView(user: string, project: string): string {
  try {
    return localStorage.getItem(key(user, project)) ?? ''
  } catch {
    return ''
  }
}

export function keepView(user: string, project: string, query: string): void {
  try {
    if (query) localStorage.setItem(key(user, project), query)
    else localStorage.removeItem(key(user, project))
  } catch {
    // This browser keeps nothing: the choice lasts as long as the address.
  }
}

/** Nothing of it stays when somebody signs out. */
export function forgetViews(): void {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name)
  } catch {
    // nothing was kept
  }
}

function key(user: string, project: string): string {
  return `${PREFIX} ${user} ${project}`
}
