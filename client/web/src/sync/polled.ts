/**
 * A line for networks that let no socket through: to the connection it is one, and behind it are requests. It speaks the
 * part of the protocol that this client uses; presence and notifications are not to be had. Not here: when it is used
 * (connection.ts).
 */

import { Problem } from '../api/problem'
import type { Change, Command, Down, Snapshot, SubmitMessage, Up, User } from '../protocol/generated'

export interface PolledSource {
  me(): Promise<User>
  changes(project: string, since: number, limit: number, epoch: string): Promise<Page>
  submit(project: string, id: string, commands: readonly Command[]): Promise<{ seq: number; noop?: boolean }>
}

interface Page {
  readonly epoch: string
  readonly head: number
  readonly changes: readonly Change[]
}

interface Followed {
  readonly id: string
  readonly epoch: Snapshot['epoch']
  seq: number
  joined: boolean
  asking: boolean
  /** Something happened while it was asked: ask once more. */
  wanted: boolean
  /** Polls in a row that brought nothing. */
  quiet: number
  timer: ReturnType<typeof setTimeout> | undefined
}

const PAGE = 200
const PAUSE_MS = 2_000
const PAUSE_MAX_MS = 30_000
const SLOWER = 1.3
/** The longest pause and the longest request, with room. */
const HEARTBEAT_S = 60

const CLOSED = { auth: 4001, lost: 1006 } as const

export class PolledLine {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  readonly #source: PolledSource
  readonly #random: () => number
  readonly #projects = new Map<string, Followed>()
  /** Submits are made one after the other (P8). */
  #submits: Promise<void> = Promise.resolve()
  #closed = false

  constructor(source: PolledSource, random: () => number = Math.random) {
    this.#source = source
    this.#random = random
    queueMicrotask(() => this.onopen?.())
  }

  send(text: string): void {
    for (const message of [JSON.parse(text) as Up | readonly Up[]].flat() as Up[]) this.#hear(message)
  }

  close(): void {
    this.#closed = true
    for (const id of [...this.#projects.keys()]) this.#leave(id)
  }

  #hear(message: Up): void {
    if (message.type === 'hello') void this.#welcome()
    else if (message.type === 'join') this.#join(message.project, message.since!, message.epoch!)
    else if (message.type === 'leave') this.#leave(message.project)
    else if (message.type === 'submit') this.#submits = this.#submits.then(() => this.#submit(message))
    else if (message.type === 'ping') {
      this.#say({ type: 'pong', at: message.at ?? null })
      for (const each of this.#projects.values()) void this.#ask(each)
    }
  }

  async #welcome(): Promise<void> {
    await this.#try(async () => {
      const user = await this.#source.me()
      const server_time = new Date().toISOString()
      const known = { session: '', heartbeat_s: HEARTBEAT_S, limits: {}, server_time, inbox_seq: 0 }
      this.#say({ type: 'welcome', user: { id: user.id, name: user.name }, ...known })
    })
  }

  #join(id: string, since: number, epoch: string): void {
    this.#leave(id)
    const followed = { id, epoch, seq: since, joined: false, asking: false, wanted: false, quiet: 0, timer: undefined }
    this.#projects.set(id, followed)
    void this.#ask(followed)
  }

  #leave(id: string): void {
    clearTimeout(this.#projects.get(id)?.timer)
    this.#projects.delete(id)
  }

  async #submit({ id, project, commands }: SubmitMessage): Promise<void> {
    if (this.#closed) return
    const of = { id, project }
    const refused = ({ code, detail: message, retryable, retryMs, errors, current }: Problem): Down => {
      const more = { ...(retryMs !== null && { retry_ms: retryMs }), ...(current && { current }) }
      return { type: 'reject', ...of, code, message, retryable, errors, ...more }
    }
    await this.#try(async () => {
      const { seq, noop } = await this.#source.submit(project, id, commands)
      this.#say({ type: 'ack', ...of, seq, ...(noop && { noop }) })
    }, refused)
    const followed = this.#projects.get(project)
    if (followed) void this.#ask(followed)
  }

  // Polling

  async #ask(followed: Followed): Promise<void> {
    followed.wanted = followed.asking
    if (followed.asking) return
    clearTimeout(followed.timer)
    followed.asking = true
    const { id, epoch, seq } = followed
    const refused = (problem: Problem) => this.#refusal(followed, problem)
    await this.#try(async () => {
      const page = await this.#source.changes(id, seq, PAGE, epoch)
      if (this.#projects.get(id) === followed) this.#told(followed, page)
    }, refused)
    followed.asking = false
    if (followed.wanted && this.#projects.get(id) === followed) void this.#ask(followed)
  }

  #told(followed: Followed, { head, changes }: Page): void {
    const { id, epoch, seq } = followed
    const first: Down[] = followed.joined ? [] : [{ type: 'joined', project: id, epoch, seq, mode: 'resumed' }]
    followed.joined = true
    followed.seq = changes.at(-1)?.seq ?? seq
    followed.quiet = changes.length > 0 ? 0 : followed.quiet + 1
    this.#again(followed, followed.seq < head ? 0 : this.#pause(followed))
    this.#say(...first, ...changes, { type: 'heads', projects: { [id]: followed.seq }, inbox_seq: 0 })
  }

  /** What to say of a poll that was refused; nothing when it is only made again later. */
  #refusal(followed: Followed, { status, code, detail, retryable, retryMs }: Problem): Down | null {
    const { id, epoch, seq } = followed
    if (this.#projects.get(id) !== followed) return null
    if (retryable) {
      this.#again(followed, Math.max(retryMs ?? 0, this.#pause(followed)))
      return null
    }
    this.#leave(id)
    if (status === 410) return { type: 'joined', project: id, epoch, seq, mode: 'resync' }
    return { type: 'error', re: 'join', project: id, code, message: detail }
  }

  /** Longer the longer nothing happens, and never the same for all. */
  #pause({ quiet }: Followed): number {
    return Math.min(PAUSE_MAX_MS, PAUSE_MS * SLOWER ** Math.max(0, quiet - 1)) * (0.75 + this.#random() / 2)
  }

  #again(followed: Followed, ms: number): void {
    followed.timer = setTimeout(() => void this.#ask(followed), ms)
  }

  // Ends

  /** Ends the line when no answer of the server came or the sign-in is over; `refused` says what else a refusal means. */
  async #try(work: () => Promise<void>, refused?: (problem: Problem) => Down | null): Promise<void> {
    try {
      await work()
    } catch (wrong) {
      if (!(wrong instanceof Problem)) throw wrong
      const answered = wrong.status > 0 && wrong.code !== 'unreadable'
      if (wrong.status === 401) this.#end(CLOSED.auth, wrong.detail)
      else if (!answered || !refused) this.#end(CLOSED.lost, '')
      else this.#say(...[refused(wrong) ?? []].flat())
    }
  }

  #say(...messages: readonly Down[]): void {
    if (!this.#closed && messages.length > 0) this.onmessage?.({ data: JSON.stringify(messages) })
  }

  #end(code: number, reason: string): void {
    if (this.#closed) return
    this.close()
    this.onclose?.({ code, reason })
  }
}
