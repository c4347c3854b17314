/** One open board as views see it: a followed project made reactive. */

import type { Problem } from '../api/problem'
import type { Change, Command } from '../protocol/generated'
import type { Outcome, Rejection } from '../sync/outcome'
import type { ProjectState } from '../sync/following'
import { Kept } from '../sync/kept'
import type { ProjectSync } from '../sync/project'
import type { SessionSync } from '../sync/session'
import { History } from '../sync/undo'
import type { Draft } from '../sync/writing'
import { LiveDetail } from './detail.svelte'
import { LiveRecords } from './records.svelte'
import type { Board, Detail, Ending, Present, PresenceState } from './types'

type ChangeListener = (change: Change, own: boolean) => void

export class LiveBoard implements Board {
  readonly id: string
  readonly store: LiveRecords
  readonly history: History
  readonly #session: SessionSync
  readonly #sync: ProjectSync
  readonly #changed: () => void
  readonly #closed: () => void
  readonly #me: () => string | null
  readonly #listeners = new Set<ChangeListener>()
  readonly #details = new Map<string, LiveDetail>()
  readonly #drafts: Kept<Draft>
  /** Rejections with a text that somebody wrote. */
  readonly #lost: Kept<Rejection>
  #state = $state.raw<ProjectState>('loading')
  #problem = $state.raw<Problem | null>(null)
  #ending = $state.raw<Ending | null>(null)
  #presence = $state.raw<readonly Present[]>([])
  #rejections = $state.raw<readonly Rejection[]>([])

  /** `me` reads our own user id, reactively; `changed` is called when the connection's status may be another. */
  constructor(id: string, session: SessionSync, me: () => string | null, changed: () => void, closed: () => void) {
    this.id = id
    this.#session = session
    this.#changed = changed
    this.#closed = closed
    this.#me = me
    this.#sync = session.follow(id, {
      touched: (touched) => this.store.take(touched),
      changed: (change, own) => this.#tell(change, own),
      rejected: (rejection) => this.#reject(rejection),
      status: () => this.#status(),
      presence: () => (this.#presence = this.#sync.presence.others(session.id) as readonly Present[]),
    })
    this.store = new LiveRecords(this.#sync.replica.view, me)
    const submit = (commands: readonly Command[]) => this.#sync.submit(commands)
    this.history = new History({ replica: this.#sync.replica, submit, now: Date.now })
    this.#drafts = new Kept(`draft ${me()} ${id}`)
    this.#lost = new Kept(`refused ${me()} ${id}`)
    for (const rejection of [...this.#lost.all(), ...session.missed(id)]) this.#reject(rejection)
    void session.begin(this.#sync)
  }

  get state(): ProjectState {
    return this.#state
  }

  get problem(): Problem | null {
    return this.#problem
  }

  get ending(): Ending | null {
    return this.#ending
  }

  get presence(): readonly Present[] {
    return this.#presence
  }

  get rejections(): readonly Rejection[] {
    return this.#rejections
  }

  get seq(): number {
    return this.#sync.replica.seq
  }

  submit(commands: Command | readonly Command[]): Promise<Outcome> {
    return this.history.submit(Array.isArray(commands) ? commands : [commands])
  }

  dismiss(id: string): void {
    this.#lost.remove(id)
    this.#rejections = this.#rejections.filter((rejection) => rejection.id !== id)
  }

  setPresence(state: PresenceState): void {
    this.#sync.presence.set({ ...state })
  }

  detail(task: string): Detail {
    const open = this.#details.get(task)
    if (open) return open
    const parts = { project: this.#sync, store: this.store, board: this, drafts: this.#drafts }
    const detail = new LiveDetail(task, parts, () => this.#closeDetail(task))
    this.#details.set(task, detail)
    return detail
  }

  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#session.unfollow(this.id)
    this.#closed()
  }

  #reject(rejection: Rejection): void {
    this.#rejections = [...this.#rejections, rejection]
    if (rejection.texts.length > 0 && this.#state !== 'gone') this.#lost.put(rejection.id, rejection)
  }

  #tell(change: Change, own: boolean): void {
    this.history.changed(change, own)
    this.#ending = endingOf(change, this.#me()) ?? this.#ending
    for (const listener of this.#listeners) listener(change, own)
  }

  #closeDetail(task: string): void {
    this.#sync.details.close(task)
    this.#details.delete(task)
  }

  #status(): void {
    this.#state = this.#sync.state
    this.#problem = this.#sync.problem
    if (this.#state === 'gone') this.#forget()
    this.#changed()
  }

  /** What was written can be copied from this page, and from nowhere else. */
  #forget(): void {
    this.#drafts.clear()
    this.#lost.clear()
  }
}

/** Whether a change takes the board from `me`. */
function endingOf({ ops, actor }: Change, me: string | null): Ending | null {
  for (const op of ops) {
    if (op.op === 'remove' && op.kind === 'project') return { kind: 'deleted', by: actor.name }
    if (op.op === 'patch' && op.kind === 'member' && op.id === me && op.fields.role === null)
      return { kind: 'removed', by: actor.name }
  }
  return null
}
