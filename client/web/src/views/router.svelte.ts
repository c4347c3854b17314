/** Where the person is: the address bar as one typed value. Pages are found here and nowhere else. */

export type Route =
  | { page: 'projects' | 'mine' }
  | { page: 'login'; next: string | null; error: string | null }
  | { page: 'register'; next: string | null }
  | { page: 'forgot' | 'reset' | 'verify' | 'invitation' }
  | { page: 'board'; project: string; task: string | null; query: string }
  | { page: 'settings'; part: SettingsPart }
  | { page: 'workspace'; workspace: string; part: WorkspacePart }
  | { page: 'unknown' }

export const SETTINGS = ['profile', 'security', 'tokens', 'data'] as const

export type SettingsPart = (typeof SETTINGS)[number]

const DOOR = ['login', 'register', 'forgot', 'reset', 'verify', 'invitation'] as const

/** Pages in front of the door: for whoever is not signed in, some for others too. */
export type DoorRoute = Extract<Route, { page: (typeof DOOR)[number] }>

export function isDoor(route: Route): route is DoorRoute {
  return DOOR.some((page) => page === route.page)
}

export const WORKSPACE_PARTS = ['people', 'bots', 'log', 'settings'] as const

export type WorkspacePart = (typeof WORKSPACE_PARTS)[number]

export const paths = {
  projects: () => '/',
  mine: () => '/my',
  login: (next?: string) => withNext('/login', next),
  register: (next?: string) => withNext('/register', next),
  settings: (part: SettingsPart = 'profile') => (part === 'profile' ? '/settings' : `/settings/${part}`),
  forgot: () => '/forgot',
  invitation: () => '/invitation',
  board: (project: string) => `/p/${project}`,
  task: (project: string, task: string) => `/p/${project}/t/${task}`,
  workspace: (workspace: string, part: WorkspacePart = 'people') =>
    `/w/${workspace}${part === 'people' ? '' : `/${part}`}`,
}

/** What the history keeps with an address. */
interface Step {
  /** A card was opened, and the board without one is a step back. */
  readonly overBoard: boolean
}

let route = $state.raw<Route>(parse(location))
let leaving: Promise<void> | null = null
const queried = $derived(route.page === 'board' ? route.query : '')
const asked = $derived(new URLSearchParams(queried))

/** The current route; reading it in a component or effect follows it. */
export function current(): Route {
  return route
}

export const VIEWS = ['board', 'list', 'calendar'] as const

export type View = (typeof VIEWS)[number]

/** Which view of the board and which filter the address names; empty on other pages. */
export function query(): URLSearchParams {
  return asked
}

/** Go to a path of this app. `replace` leaves no step in the history. Within a board its view and filter stay. */
export function go(path: string, { replace = false } = {}): void {
  const address = withinBoard(path)
  if (address === location.pathname + location.search) return
  const step: Step = { overBoard: !replace && route.page === 'board' && route.task === null }
  history[replace ? 'replaceState' : 'pushState'](step, '', address)
  route = parse(location)
}

/** Close the open card: a step back where it was opened from its board, so that the history holds no second board. */
export function leaveTask(): Promise<void> {
  if (leaving) return leaving
  if (route.page !== 'board' || !route.task) return Promise.resolve()
  if (!(history.state as Step | null)?.overBoard) {
    go(paths.board(route.project), { replace: true })
    return Promise.resolve()
  }
  const asked = query()
  leaving = new Promise<void>((done) => window.addEventListener('popstate', () => done(), { once: true })).then(() => {
    leaving = null
    setQuery(asked) // it may have been changed while the card was open
  })
  history.back()
  return leaving
}

/** Show the same page with another query. */
export function setQuery(next: URLSearchParams, { push = false } = {}): void {
  const search = next.toString().replaceAll('%2C', ',')
  const address = location.pathname + (search ? `?${search}` : '')
  if (address === location.pathname + location.search) return
  if (push) history.pushState(null, '', address)
  else history.replaceState(history.state, '', address)
  route = parse(location)
}

/** What stands behind the # of a mailed link, once: nobody else reads it off the address bar, and no history keeps it. */
export function takeSecret(): string | null {
  const secret = location.hash.slice(1)
  if (secret) history.replaceState(history.state, '', location.pathname + location.search)
  return secret || null
}

/** Follow the history and plain clicks on links within the app. Returns what stops it. */
export function listen(): () => void {
  const back = () => (route = parse(location))
  window.addEventListener('popstate', back)
  document.addEventListener('click', followLink)
  return () => {
    window.removeEventListener('popstate', back)
    document.removeEventListener('click', followLink)
  }
}

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null
  if (
    !(link instanceof HTMLAnchorElement) ||
    link.target ||
    link.download ||
    link.origin !== location.origin ||
    link.hash
  )
    return
  if (parse(link).page === 'unknown') return
  event.preventDefault()
  go(link.pathname + link.search)
}

function parse({ pathname, search }: { pathname: string; search: string }): Route {
  const [first, second, third, fourth, ...rest] = pathname.split('/').filter(Boolean)
  const asked = new URLSearchParams(search)
  const next = safeNext(asked.get('next'))
  const error = asked.get('sign_in_error')
  if (first === undefined) return error === null ? { page: 'projects' } : { page: 'login', next, error }
  if (first === 'my' && second === undefined) return { page: 'mine' }
  if (first === 'login' && second === undefined) return { page: 'login', next, error: null }
  if (first === 'register' && second === undefined) return { page: 'register', next }
  if (first === 'settings' && third === undefined) {
    const part = SETTINGS.find((each) => each === (second ?? 'profile'))
    if (part) return { page: 'settings', part }
  }
  if (isMailed(first) && second === undefined) return { page: first }
  if (first === 'p' && second && third === undefined)
    return { page: 'board', project: second, task: null, query: search }
  if (first === 'p' && second && third === 't' && fourth && rest.length === 0) {
    return { page: 'board', project: second, task: fourth, query: search }
  }
  if (first === 'w' && second && fourth === undefined) {
    const part = WORKSPACE_PARTS.find((each) => each === (third ?? 'people'))
    if (part) return { page: 'workspace', workspace: second, part }
  }
  return { page: 'unknown' }
}

/** Pages that links by mail lead to, and the one that asks for such a link. */
function isMailed(name: string): name is 'forgot' | 'reset' | 'verify' | 'invitation' {
  return name === 'forgot' || name === 'reset' || name === 'verify' || name === 'invitation'
}

function withinBoard(path: string): string {
  const target = parse(new URL(path, location.origin))
  if (route.page !== 'board' || target.page !== 'board' || path.includes('?')) return path
  return target.project === route.project ? path + route.query : path
}

function withNext(path: string, next?: string): string {
  return next && next !== '/' ? `${path}?next=${encodeURIComponent(next)}` : path
}

/** Only a path of this origin may be gone to after signing in. */
function safeNext(next: string | null): string | null {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : null
}
