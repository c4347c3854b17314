/**
 * The one socket of this page: said hello, kept alive, renewed, and opened again when it breaks. Not here: what the
 * messages mean to a project (project.ts), who gets them (session.ts).
 */

import { Problem } from '../api/problem'
import type { Down, Up, WelcomeMessage } from '../protocol/generated'
import { Backoff, STABLE_MS } from './backoff'
import type { ConnectionEvents, ConnectionOptions } from './connecting'
import { Frames } from './frames'
import { Scout } from './scout'

/** `waiting`: between two attempts. `ended`: no further attempt is made. */
export type Phase = 'idle' | 'connecting' | 'up' | 'waiting' | 'ended'

export interface Ended {
  readonly code: number
  readonly reason: string
}

const SUBPROTOCOL = 'lockstep.v1'
/** From the first byte to `welcome`. */
const CONNECT_MS = 10_000
/** After so many attempts in a row on which no server was heard, one is made without a socket. */
const BLOCKED_MAX = 3
/** A live server answers a ping within this. */
const PROBE_MS = 5_000
/** Spread of reconnects that the server asked for. */
const AT_ONCE_MS = 1_000

export const CLOSED = { auth: 4001, tokenExpired: 4101, drain: 4200, silent: 4205 } as const

export class Connection {
  readonly #options: ConnectionOptions
  readonly #events: ConnectionEvents
  readonly #backoff: Backoff
  readonly #frames: Frames
  readonly #scout: Scout
  #socket: WebSocket | null = null
  #phase: Phase = 'idle'
  #ended: Ended | null = null
  #heartbeatMs = 30_000
  /** When something must have come, by the clock: a timer stands still while the machine sleeps. */
  #due = 0
  /** Attempts in a row on which no server was heard. */
  #unheard = 0
  #polled = false
  /** The server refused a token and has not accepted one since. */
  #refused = false
  #attempt: ReturnType<typeof setTimeout> | undefined
  #watchdog: ReturnType<typeof setTimeout> | undefined
  #stable: ReturnType<typeof setTimeout> | undefined

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options
    this.#events = events
    this.#backoff = new Backoff(options.random)
    this.#frames = new Frames((text) => this.#socket?.send(text))
    this.#scout = new Scout(
      () => options.credentials.token().then((token) => this.#greeting(this.#open(), token)),
      (socket, data) => this.#change(socket, data),
      options.random,
    )
  }

  get phase(): Phase {
    return this.#phase
  }

  get ended(): Ended | null {
    return this.#ended
  }

  /** Whether the present line does without a socket. */
  get polled(): boolean {
    return this.#polled && this.#phase === 'up'
  }

  /** Attempts since the last connection that held. */
  get attempts(): number {
    return this.#backoff.attempts
  }

  start(): void {
    if (this.#phase === 'idle') void this.#connect()
  }

  /** No further attempt is made. */
  stop(code = 1000, reason = 'closed'): void {
    this.#end(code, reason)
  }

  /** Sends with the next frame. Only while up: whoever needs an answer sends again after the next `up`. */
  send(message: Up): void {
    if (this.#phase === 'up') this.#frames.add(message)
  }

  /**
   * Something suggests that things have changed (the network is back, the page is seen again): do not wait any longer.
   */
  nudge(): void {
    if (this.#phase === 'waiting') {
      this.#unheard = 0
      void this.#connect()
    } else if (this.#phase === 'up' && Date.now() < this.#due) this.#probe()
    else if (this.#phase === 'up') {
      this.#drop(CLOSED.silent)
      void this.#connect()
    }
  }

  // Opening

  async #connect(): Promise<void> {
    clearTimeout(this.#attempt)
    this.#become('connecting')
    const { credentials, fallback } = this.#options
    this.#polled = fallback !== undefined && this.#unheard >= BLOCKED_MAX
    try {
      const token = await (this.#refused ? credentials.renewToken() : credentials.token())
      if (this.#phase !== 'connecting') return
      this.#adopt(this.#greeting(this.#polled ? fallback!() : this.#open(), token))
    } catch (wrong) {
      if (this.#phase === 'connecting') this.#failed(wrong)
    }
  }

  #open(): WebSocket {
    const { url, socket = open } = this.#options
    return socket(url)
  }

  #greeting(socket: WebSocket, token: string): WebSocket {
    const hello = JSON.stringify({ type: 'hello', protocol: 1, token, client: this.#options.client })
    socket.onopen = () => socket.send(hello)
    return socket
  }

  /** There is no token, or no socket to be had at all. */
  #failed(wrong: unknown): void {
    if (!(wrong instanceof Problem)) this.#unheard++
    if (wrong instanceof Problem && wrong.status === 401) this.#end(CLOSED.auth, wrong.detail)
    else this.#wait(this.#backoff.next(wrong instanceof Problem ? (wrong.retryMs ?? 0) : 0))
  }

  /** A socket gets through again: changes over to it. */
  #change(socket: WebSocket, data: string): void {
    this.#socket?.close(1000)
    this.#release()
    this.#polled = false
    this.#become('connecting')
    this.#adopt(socket)
    this.#receive(data)
  }

  #adopt(socket: WebSocket): void {
    this.#socket = socket
    this.#expect(CONNECT_MS)
    socket.onmessage = ({ data }) => this.#receive(data as string)
    socket.onclose = ({ code, reason }) => this.#closed(code, reason)
  }

  #welcome(welcome: WelcomeMessage): void {
    this.#refused = false
    this.#unheard = 0
    if (this.#polled) this.#scout.start()
    this.#heartbeatMs = welcome.heartbeat_s * 1000
    this.#stable = setTimeout(() => this.#backoff.reset(), STABLE_MS)
    this.#become('up')
    this.#events.up(welcome)
  }

  // Receiving

  #receive(data: string): void {
    const messages = JSON.parse(data) as readonly Down[]
    for (const message of messages) this.#own(message)
    this.#events.received(messages)
    if (this.#phase === 'up') this.#expect(this.#heartbeatMs * 1.5)
  }

  /** What concerns the connection itself. */
  #own(message: Down): void {
    if (message.type === 'welcome') this.#welcome(message)
    else if (message.type === 'auth_soon') void this.#renew()
    else if (message.type === 'drain') this.#drain(message.within_ms)
  }

  async #renew(): Promise<void> {
    try {
      this.send({ type: 'auth', token: await this.#options.credentials.renewToken() })
    } catch (wrong) {
      // Without a network the socket will close with 4101 and all starts over; a sign-in that has ended has ended.
      if (wrong instanceof Problem && wrong.status === 401) this.#end(CLOSED.auth, wrong.detail)
    }
  }

  #drain(withinMs: number): void {
    const socket = this.#socket
    setTimeout(() => socket === this.#socket && this.#drop(CLOSED.drain), this.#backoff.spread(withinMs))
  }

  // Silence

  /** Something must come within `ms`, or the connection counts as dead. */
  #expect(ms: number): void {
    clearTimeout(this.#watchdog)
    this.#due = Date.now() + ms
    this.#watchdog = setTimeout(() => this.#drop(CLOSED.silent), ms)
  }

  #probe(): void {
    this.send({ type: 'ping', at: null })
    this.#expect(PROBE_MS)
  }

  /** Gives the socket up without waiting for its close, which can take minutes on a dead network. */
  #drop(code: number): void {
    const socket = this.#socket
    if (!socket) return
    socket.onclose = null
    socket.close(code)
    this.#closed(code, '')
  }

  // Closing

  #closed(code: number, reason: string): void {
    // With no answer on the fallback either there is no server: the next attempt is a socket's again.
    if (this.#phase === 'connecting' && (code < 4000 || code === CLOSED.silent))
      this.#unheard = this.#polled ? 0 : this.#unheard + 1
    this.#release()
    if (code === CLOSED.auth && !this.#refused) {
      this.#refused = true
      void this.#connect()
    } else if (code >= 4000 && code < 4100) this.#end(code, reason)
    else this.#wait(this.#delay(code))
  }

  #delay(code: number): number {
    if (code === CLOSED.tokenExpired) this.#refused = true
    const atOnce = (code >= 4200 && code < 4300) || code === CLOSED.tokenExpired
    return atOnce && this.#backoff.attempts <= 1 ? this.#backoff.soon(AT_ONCE_MS) : this.#backoff.next()
  }

  #wait(ms: number): void {
    this.#become('waiting')
    this.#attempt = setTimeout(() => void this.#connect(), ms)
  }

  #end(code: number, reason: string): void {
    clearTimeout(this.#attempt)
    this.#ended = { code, reason }
    const socket = this.#socket
    this.#release()
    socket?.close(1000)
    this.#become('ended')
  }

  /** Lets go of the socket and of every timer that belongs to it. */
  #release(): void {
    const wasUp = this.#phase === 'up'
    clearTimeout(this.#watchdog)
    clearTimeout(this.#stable)
    this.#scout.stop()
    this.#frames.clear()
    if (this.#socket) Object.assign(this.#socket, { onopen: null, onmessage: null, onclose: null })
    this.#socket = null
    if (wasUp) this.#events.down()
  }

  #become(phase: Phase): void {
    this.#phase = phase
    this.#events.changed()
  }
}

function open(url: string): WebSocket {
  return new WebSocket(url, SUBPROTOCOL)
}
