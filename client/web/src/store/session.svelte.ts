/** The live part of the page as views see it. */

import type { Http } from '../api/http'
import type { NotificationMessage, User } from '../protocol/generated'
import { PolledLine } from '../sync/polled'
import { SessionSync, type Page, type SessionOptions } from '../sync/session'
import type { Shelf } from '../sync/shelf'
import type { Tabs } from '../sync/tabs'
import { LiveBoard } from './board.svelte'
import type { Board, ConnectionStatus, Session } from './types'

type NotificationListener = (notification: NotificationMessage['notification']) => void

/** Connects. One for the whole page, after sign-in; close it on sign-out. */
export function createSession(http: Http, user: string, shelf: Shelf, tabs: Tabs): Session {
  return new LiveSession({
    url: socketUrl(http.base),
    client: 'web',
    credentials: http,
    source: http,
    shelf,
    tabs,
    fallback: () => new PolledLine(http) as unknown as WebSocket,
    user,
    page: globalThis as unknown as Page,
  })
}

export class LiveSession implements Session {
  readonly connection: LiveStatus
  readonly #sync: SessionSync
  readonly #boards = new Map<string, LiveBoard>()
  readonly #listeners = new Set<NotificationListener>()
  #user = $state.raw<User | null>(null)
  #userId = $state.raw<string | null>(null)

  constructor(options: SessionOptions) {
    this.#userId = options.user ?? null
    this.connection = new LiveStatus()
    this.#sync = new SessionSync(options, {
      status: () => this.#status(),
      notified: (notification) => this.#listeners.forEach((listener) => listener(notification)),
    })
    this.#sync.start()
  }

  get user(): User | null {
    return this.#user
  }

  open(project: string): Board {
    const open = this.#boards.get(project)
    if (open) return open
    const board = new LiveBoard(
      project,
      this.#sync,
      () => this.#userId,
      () => this.#status(),
      () => this.#boards.delete(project),
    )
    this.#boards.set(project, board)
    return board
  }

  onNotification(listener: NotificationListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    for (const board of [...this.#boards.values()]) board.close()
    this.#sync.close()
  }

  #status(): void {
    this.#user = this.#sync.user
    this.#userId = this.#user?.id ?? this.#userId
    this.connection.take(this.#sync)
  }
}

class LiveStatus implements ConnectionStatus {
  #state = $state.raw<ConnectionStatus['state']>('catching_up')
  #polled = $state.raw(false)
  #skewMs = $state.raw(0)
  #waiting = $state.raw(0)
  #ended = $state.raw<ConnectionStatus['ended']>(null)

  get state(): ConnectionStatus['state'] {
    return this.#state
  }

  get skewMs(): number {
    return this.#skewMs
  }

  get waiting(): number {
    return this.#waiting
  }

  get ended(): ConnectionStatus['ended'] {
    return this.#ended
  }

  get polled(): boolean {
    return this.#polled
  }

  take({ liveness, polled, skewMs, waiting, ended }: SessionSync): void {
    this.#skewMs = skewMs
    this.#polled = polled
    this.#state = liveness
    this.#waiting = waiting
    this.#ended = ended
  }
}

/** `http://host` → `ws://host/v1/socket`; without an origin, the page's own. */
function socketUrl(base: string): string {
  const url = new URL('/v1/socket', base || location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  return url.href
}
