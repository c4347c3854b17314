/**
 * One project, followed: its snapshot is loaded, the project joined from there, changes applied without a hole, submits
 * sent and answered. Whatever goes wrong on the way leads back to one of two steps: join again from what is known, or
 * load again. Not here: the socket (connection.ts), the records (replica.ts), what views see (src/store).
 */

import { Problem } from '../api/problem'
import type { AckMessage, Change, Code, Command, Down, ErrorMessage, JoinedMessage } from '../protocol/generated'
import type { RejectMessage, Snapshot } from '../protocol/generated'
import { Postponed } from './backoff'
import type { ProjectEvents, ProjectOptions, ProjectState } from './following'
import { bursts, FRAME_UNITS_MAX } from './frames'
import { Keeping } from './keeping'
import { Looking } from './looking'
import { Outbox } from './outbox'
import type { Outcome, Refusal } from './outcome'
import { Presence } from './presence'
import { Replica, type Pending, type Step } from './replica'
import { Submits } from './submits'

export class ProjectSync {
  readonly id: string
  readonly replica: Replica
  readonly #submits: Submits
  readonly presence: Presence
  /** Tasks' long texts, while somebody looks at them. */
  readonly details: Looking
  readonly #options: ProjectOptions
  readonly #events: ProjectEvents
  readonly #outbox: Outbox
  readonly #keeping: Keeping
  readonly #postponed: Postponed
  #state: ProjectState = 'loading'
  #problem: Problem | null = null
  #up = false
  #joining: 'apart' | 'asked' | 'joined' = 'apart'
  /** What was kept of an earlier visit has been looked at. */
  #recalled = false
  #loading = false
  #closed = false

  constructor(options: ProjectOptions, events: ProjectEvents) {
    this.id = options.id
    this.#options = options
    this.#events = events
    this.replica = new Replica(options.me)
    this.#submits = new Submits(this.replica.view)
    this.#outbox = new Outbox(this.id, options.send, options.shelf)
    this.#keeping = new Keeping(this.id, this.replica, options.shelf)
    this.presence = new Presence((state) => options.send({ type: 'presence', project: this.id, state }))
    this.#postponed = new Postponed(options.random)
    const fetch = options.source.taskDetail.bind(options.source, this.id)
    this.details = new Looking({ replica: this.replica, fetch, take: (step) => this.#take(step, true) })
  }

  get state(): ProjectState {
    return this.#state
  }

  get problem(): Problem | null {
    return this.#problem
  }

  /** Whether all that is known is shown, and what comes will be. */
  get current(): boolean {
    return this.#joining === 'joined' || this.#state === 'gone'
  }

  get waiting(): number {
    return this.#outbox.waiting
  }

  // For views

  /** Resolves when it is known what waits. */
  async open(): Promise<void> {
    await this.#recall()
    await this.claim()
    this.#adopt(await this.#options.shelf.all(this.id))
    this.#events.status()
  }

  /** Takes up what other tabs left. */
  async claim(): Promise<void> {
    this.#adopt(await this.#options.shelf.claim(this.id))
  }

  #adopt(pendings: readonly Pending[]): void {
    if (this.#closed) return
    const left = pendings.filter((pending) => this.#submits.adopt(pending))
    for (const each of left) this.#take(this.replica.submit(each))
    this.#outbox.restore(left)
    if (left.length > 0) this.#events.status()
  }

  /** Shows the prediction at once. Resolves when the edit is durable and among the facts here. */
  submit(commands: readonly Command[]): Promise<Outcome> {
    const { pending, outcome } = this.#submits.make(commands, this.#options.now())
    if (this.#state === 'gone') this.#refuse(pending.id, { code: 'not_found', message: '' })
    else if (JSON.stringify(commands).length > FRAME_UNITS_MAX) this.#refuse(pending.id, { code: 'limit', message: '' })
    else {
      this.#take(this.replica.submit(pending))
      this.#outbox.add(pending)
    }
    this.#events.status()
    return outcome
  }

  /** The page may be about to go. */
  keep(): void {
    if (this.#state === 'ready') this.#keeping.now()
  }

  close(): void {
    this.#options.send({ type: 'leave', project: this.id })
    this.down()
    this.#closed = true
    this.#postponed.cancel()
    this.keep()
    this.#keeping.stop()
  }

  // From the connection

  up(): void {
    this.#up = true
    this.#catchUp()
    this.details.retry()
  }

  down(): void {
    this.#up = false
    this.#joining = 'apart'
    this.#outbox.close()
    this.presence.close()
    this.#events.presence()
    this.#events.status()
  }

  /** The messages of one frame that name this project, in order. */
  receive(messages: readonly Down[]): void {
    for (const each of bursts(messages)) {
      if ('type' in each) this.#handle(each)
      else this.#apply(each)
    }
  }

  /** The server says that it has sent everything up to `seq`. */
  headed(seq: number): void {
    if (this.#joining === 'joined' && seq > this.replica.seq) this.#join()
  }

  #handle(message: Down): void {
    if (message.type === 'joined') this.#joined(message)
    else if (message.type === 'ack') this.#acked(message)
    else if (message.type === 'reject') this.#rejected(message)
    else if (message.type === 'error') this.#refusedJoin(message)
    else if (message.type === 'left' && message.reason !== 'left') this.#gone('forbidden')
    else if (message.type === 'presence') {
      this.presence.receive(message)
      this.#events.presence()
    }
  }

  // Loading and joining

  /** Shows the board as it was kept, if it was. */
  async #recall(): Promise<void> {
    const { id, shelf } = this.#options
    const [board, texts] = await Promise.all([shelf.board(id), shelf.texts(id)])
    this.#recalled = true
    if (this.#closed || this.replica.seq >= 0) return
    if (board) {
      this.#take(this.replica.load(board, texts))
      for (const { task } of texts) this.#keeping.recalled(task)
      this.#become('ready')
    }
    this.#catchUp()
  }

  #catchUp(): void {
    if (!this.#recalled) return
    if (this.replica.seq < 0) void this.#load()
    else this.#join()
  }

  async #load(): Promise<void> {
    if (this.#loading || this.#closed) return
    this.#postponed.cancel()
    this.#loading = true
    this.#joining = 'apart'
    try {
      const snapshot = await this.#options.source.snapshot(this.id).finally(() => (this.#loading = false))
      if (!this.#closed) this.#loaded(snapshot)
    } catch (wrong) {
      if (!(wrong instanceof Problem)) throw wrong
      if (!this.#closed) this.#notLoaded(wrong)
    }
  }

  #loaded(snapshot: Snapshot): void {
    this.#become('ready')
    this.#take(this.replica.load(snapshot))
    this.#keeping.soon()
    this.#join()
  }

  #notLoaded(problem: Problem): void {
    if (problem.status === 404 || problem.status === 403) return this.#gone(problem.code as Code, problem)
    this.#become(this.replica.seq < 0 ? 'failed' : 'ready', problem)
    this.#postponed.soon(() => void this.#load(), problem.retryMs ?? 0)
  }

  #join(): void {
    if (!this.#up || this.#loading || this.replica.seq < 0 || this.#state === 'gone') return
    this.#joining = 'asked'
    this.#options.send({ type: 'join', project: this.id, since: this.replica.seq, epoch: this.replica.epoch })
    this.#events.status()
  }

  #joined({ mode, epoch, seq }: JoinedMessage): void {
    if (this.#joining !== 'asked') return
    if (mode === 'resync' || epoch !== this.replica.epoch || seq !== this.replica.seq) return this.#resync()
    this.#joining = 'joined'
    this.#postponed.reset()
    this.#outbox.open()
    this.presence.open()
    this.#events.presence()
    this.#events.status()
  }

  #resync(): void {
    this.#joining = 'apart'
    this.#outbox.close()
    this.#postponed.hurry(() => void this.#load())
    this.#events.status()
  }

  #refusedJoin({ re, code, message, retry_ms }: ErrorMessage): void {
    if (re !== 'join') return
    if (code === 'not_found' || code === 'forbidden') return this.#gone(code, new Problem(0, code, message))
    this.#joining = 'apart'
    this.#postponed.soon(() => this.#join(), retry_ms)
    this.#events.status()
  }

  /** Nothing of this project comes or goes any more; what was not accepted is handed back. */
  #gone(code: Code, problem: Problem | null = null): void {
    this.down()
    this.#become('gone', problem)
    this.#keeping.stop()
    this.#options.shelf.drop(this.id)
    for (const { id } of this.#outbox.abandon()) this.#refuse(id, { code, message: problem?.detail ?? '' })
  }

  #become(state: ProjectState, problem: Problem | null = null): void {
    this.#state = state
    this.#problem = problem
    this.#events.status()
  }

  // Changes and answers

  #apply(changes: readonly Change[]): void {
    if (changes.length === 0 || this.#joining !== 'joined') return
    const step = this.replica.apply(changes)
    this.#take(step)
    if (step.state === 'gap') this.#join()
    else if (step.state === 'broken') this.#resync()
  }

  #acked({ id, seq, noop }: AckMessage): void {
    this.#take(this.replica.ack(id, { seq, noop: noop ?? false }))
    this.#outbox.acked(id, seq)
    this.#events.status()
  }

  #rejected(message: RejectMessage): void {
    if (this.#outbox.refused(message) === 'final') this.#refuse(message.id, message as Refusal)
    this.#events.status()
  }

  #refuse(id: string, refusal: Refusal): void {
    this.#take(this.replica.reject(id))
    this.#submits.refuse(id, refusal, (rejection) => this.#events.rejected(rejection))
  }

  /** Hands on what a step brought; `worth` keeping it may be, changes are. */
  #take(step: Step, worth = step.applied.length > 0): void {
    if (step.touched.length > 0) this.#events.touched(step.touched)
    for (const change of step.applied) {
      this.#outbox.acked(change.id, change.seq)
      this.#events.changed(change, this.#submits.has(change.id))
    }
    for (const [id, outcome] of step.settled) this.#submits.settle(id, outcome)
    if (worth) this.#keeping.soon()
    if (step.applied.length > 0) this.#events.status()
    this.details.check()
  }
}
