/**
 * All that is live in this page: one connection, the open projects on it, and how well all of that is doing. Routes
 * messages; knows nothing of records.
 */

import type { Down, NotificationMessage, User, WelcomeMessage } from '../protocol/generated'
import type { Credentials } from './connecting'
import { CLOSED, Connection, type Ended } from './connection'
import { Errands } from './errands'
import type { ProjectEvents, ProjectSource } from './following'
import type { Rejection } from './outcome'
import { ProjectSync } from './project'
import type { Shelf } from './shelf'
import type { Tabs } from './tabs'
import { onWake } from './waking'

/**
 * `live`: all is current. `catching_up`: connecting, joining or loading. `offline`: no connection, trying again, or
 * never again.
 */
export type Liveness = 'live' | 'catching_up' | 'offline'

export interface SessionEvents {
  /** `liveness`, `waiting`, `ended` or `user` may be another. */
  status(): void
  notified(notification: NotificationMessage['notification']): void
}

export interface SessionOptions {
  url: string
  client: string
  credentials: Credentials
  source: ProjectSource
  shelf: Shelf
  /** The other tabs of this browser, where it can tell. */
  tabs?: Tabs
  /** Our own user id where it is known before the server has said so. */
  user?: string | null
  /** The page, whose network and visibility are watched; absent where there is none. */
  page?: Page
  socket?: (url: string) => WebSocket
  fallback?: () => WebSocket
  random?: () => number
}

export interface Page {
  readonly window: EventTarget
  readonly document: EventTarget & { readonly visibilityState: DocumentVisibilityState }
  readonly navigator: { readonly onLine: boolean }
}

/** A second failed attempt in a row is no hiccup any more. */
const HICCUP_ATTEMPTS = 1

export class SessionSync {
  readonly #options: SessionOptions
  readonly #events: SessionEvents
  readonly #connection: Connection
  readonly #projects = new Map<string, ProjectSync>()
  readonly #listening = new AbortController()
  readonly #errands: Errands
  #welcome: WelcomeMessage | null = null
  /** The server's clock minus ours, in milliseconds. */
  #skewMs = 0

  constructor(options: SessionOptions, events: SessionEvents) {
    this.#options = options
    this.#events = events
    this.#errands = new Errands(this, options.shelf)
    this.#connection = new Connection(options, {
      up: (welcome) => this.#up(welcome),
      received: (messages) => this.#route(messages),
      down: () => this.#projects.forEach((project) => project.down()),
      changed: () => events.status(),
    })
  }

  start(): void {
    if (this.#options.page) this.#watch(this.#options.page)
    this.#options.tabs?.onGone(() => this.#inherit(), this.#listening.signal)
    this.#connection.start()
  }

  get source(): ProjectSource {
    return this.#options.source
  }

  get user(): User | null {
    return this.#welcome?.user ?? null
  }

  /** Our connection's id, by which presence names us. */
  get id(): string | null {
    return this.#welcome?.session ?? null
  }

  get ended(): Ended | null {
    return this.#connection.ended
  }

  /** Whether changes are asked for now and then, since no socket gets through. */
  get polled(): boolean {
    return this.#connection.polled
  }

  /** How far the server's clock is ahead of ours, as it was told last. */
  get skewMs(): number {
    return this.#skewMs
  }

  get waiting(): number {
    return [...this.#projects.values()].reduce((sum, project) => sum + project.waiting, 0)
  }

  get liveness(): Liveness {
    const { phase, attempts } = this.#connection
    if (phase === 'ended' || this.#options.page?.navigator.onLine === false) return 'offline'
    if (phase !== 'up') return attempts > HICCUP_ATTEMPTS ? 'offline' : 'catching_up'
    return [...this.#projects.values()].every(({ current }) => current) ? 'live' : 'catching_up'
  }

  /** A project that is not followed yet; nothing happens before `begin`. */
  follow(id: string, events: ProjectEvents): ProjectSync {
    const { source, shelf, random } = this.#options
    const me = () => this.#welcome?.user.id ?? this.#options.user ?? null
    const now = () => new Date(Date.now() + this.#skewMs)
    const options = { id, source, shelf, me, now, send: this.#connection.send.bind(this.#connection) }
    const project = new ProjectSync(random ? { ...options, random } : options, events)
    this.#projects.get(id)?.close()
    this.#projects.set(id, project)
    return project
  }

  follows(id: string): boolean {
    return this.#projects.has(id)
  }

  /** Resolves when it is known which submits wait. */
  begin(project: ProjectSync): Promise<void> {
    const opened = project.open()
    if (this.#connection.phase === 'up') project.up()
    return opened
  }

  /** As `unfollow`, unless somebody else follows the project by now. */
  leave(project: ProjectSync): void {
    if (this.#projects.get(project.id) === project) this.unfollow(project.id)
  }

  unfollow(id: string): void {
    const waits = (this.#projects.get(id)?.waiting ?? 0) > 0
    this.#projects.get(id)?.close()
    this.#projects.delete(id)
    this.#events.status()
    if (waits) void this.#errands.run()
  }

  /** What was refused of a project while nobody looked at it; it is given once. */
  missed(id: string): readonly Rejection[] {
    return this.#errands.missed(id)
  }

  close(): void {
    this.#listening.abort()
    this.#errands.stop()
    for (const id of [...this.#projects.keys()]) this.unfollow(id)
    this.#connection.stop()
  }

  #up(welcome: WelcomeMessage): void {
    // Somebody else has signed in in another tab: what is here must not be sent in their name.
    if (this.#options.user && welcome.user.id !== this.#options.user)
      return this.#connection.stop(CLOSED.auth, 'somebody else is signed in')
    this.#welcome = welcome
    this.#skewMs = Date.parse(welcome.server_time) - Date.now()
    for (const project of this.#projects.values()) project.up()
    void this.#errands.run()
  }

  /** Another tab has ended. */
  #inherit(): void {
    for (const project of this.#projects.values()) void project.claim()
    void this.#errands.run()
  }

  /** Hands each project its messages of one frame at once, so that a burst is one step. */
  #route(messages: readonly Down[]): void {
    const inboxes = new Map<string, Down[]>()
    for (const message of messages) {
      if (message.type === 'heads') this.#heads(message.projects, inboxes)
      else if (message.type === 'notification') this.#events.notified(message.notification)
      else if ('project' in message && message.project) inboxFor(message.project, inboxes).push(message)
    }
    this.#deliver(inboxes)
  }

  #heads(heads: Readonly<Record<string, number>>, inboxes: Map<string, Down[]>): void {
    this.#deliver(inboxes)
    inboxes.clear()
    for (const [id, seq] of Object.entries(heads)) this.#projects.get(id)?.headed(seq)
  }

  #deliver(inboxes: ReadonlyMap<string, readonly Down[]>): void {
    for (const [id, inbox] of inboxes) this.#projects.get(id)?.receive(inbox)
  }

  #keep(): void {
    for (const project of this.#projects.values()) project.keep()
  }

  #watch({ window, document }: Page): void {
    const { signal } = this.#listening
    const nudge = () => this.#connection.nudge()
    window.addEventListener('online', nudge, { signal })
    onWake(() => document.visibilityState === 'visible' && nudge(), signal)
    window.addEventListener('online', () => this.#events.status(), { signal })
    window.addEventListener('offline', () => this.#events.status(), { signal })
    const seen = () => (document.visibilityState === 'visible' ? nudge() : this.#keep())
    document.addEventListener('visibilitychange', seen, { signal })
    window.addEventListener('pagehide', () => this.#keep(), { signal })
  }
}

function inboxFor(project: string, inboxes: Map<string, Down[]>): Down[] {
  const inbox = inboxes.get(project) ?? []
  inboxes.set(project, inbox)
  return inbox
}
