/**
 * One project's records on this side of the wire: the facts up to `seq`, and what our unanswered submits will make of
 * them. Pure: it is told what came and tells what that changed. Not here: sending and waiting (outbox.ts), joining and
 * loading (project.ts), and tasks' long texts (texts.ts), of which only some are held: ops on others' are skipped.
 */

import type { TaskDetail } from '../api/http'
import type { Change, Command, Kind, RecordOf, Snapshot } from '../protocol/generated'
import type { Outcome } from './outcome'
import { predict } from './predict'
import { HeldTexts, isText, type Texts } from './texts'
import { View, type Touch } from './view'

/** A submit whose effect is shown before it is known. */
export interface Pending {
  readonly id: string
  readonly commands: readonly Command[]
  /** When it was made, RFC 3339: the time that predicted records carry. */
  readonly at: string
}

export interface Step {
  readonly touched: readonly Touch[]
  /** Submits whose effect is now among the facts, by id. */
  readonly settled: ReadonlyMap<string, Outcome>
  /** The changes that became facts, in order. */
  readonly applied: readonly Change[]
  /** `gap`: a change is missing, ask for those after `seq`. `broken`: a change did not fit, load everything again. */
  readonly state: 'whole' | 'gap' | 'broken'
}

const TRASH_MAX = 200

export class Replica {
  readonly view = new View()
  readonly texts = new HeldTexts(this.view)
  readonly #me: () => string | null
  #epoch: string | null = null
  #seq = -1
  #pending: Pending[] = []
  readonly #acks = new Map<string, Outcome>()
  /** What was removed lately, so that a restore can be predicted. */
  readonly #trash = new Map<string, RecordOf[Kind]>()

  /** `me` gives our own member id, null before it is known. */
  constructor(me: () => string | null) {
    this.#me = me
  }

  /** The last change that is among the facts, -1 before the first snapshot. */
  get seq(): number {
    return this.#seq
  }

  get epoch(): string | null {
    return this.#epoch
  }

  /** The facts as a snapshot; there must have been one before. */
  facts(): Snapshot {
    const { view } = this
    return {
      epoch: this.#epoch!,
      seq: this.#seq,
      project: view.facts('project')[0]!,
      members: view.facts('member'),
      columns: view.facts('column'),
      labels: view.facts('label'),
      tasks: view.facts('task'),
      dependencies: view.facts('dependency'),
    }
  }

  /**
   * Everything anew, with long texts that an earlier visit kept. Those may lack changes, and so may what was held; those
   * of another epoch are gone.
   */
  load(snapshot: Snapshot, kept: readonly Texts[] = []): Step {
    const sameEpoch = this.#epoch === null || this.#epoch === snapshot.epoch
    this.#epoch = snapshot.epoch
    this.#seq = snapshot.seq
    this.#trash.clear()
    const work = () => {
      if (!sameEpoch) this.texts.forgetAll()
      this.texts.reload(() => this.view.load(snapshot))
      for (const texts of kept) if (texts.epoch === snapshot.epoch) this.texts.recall(texts, snapshot.seq)
    }
    return this.#step(work, sameEpoch ? snapshot.seq : Infinity)
  }

  /** Changes as they come: what is known is skipped, what comes after a hole is left out and reported as `gap`. */
  apply(changes: readonly Change[]): Step {
    const applied: Change[] = []
    let state: Step['state'] = 'whole'
    const step = this.#step(() => {
      for (const change of changes) {
        if (change.seq <= this.#seq) continue
        if (change.seq > this.#seq + 1) state = 'gap'
        else if (!this.#become(change)) state = 'broken'
        if (state !== 'whole') return
        applied.push(change)
      }
    })
    return { ...step, applied, state }
  }

  submit(pending: Pending): Step {
    this.#pending.push(pending)
    this.#predict(pending)
    return this.#outcome(new Map())
  }

  /** The server has committed the submit; it is settled once that change is among the facts. */
  ack(id: string, outcome: Outcome): Step {
    if (!this.#pending.some((pending) => pending.id === id)) return this.#outcome(new Map())
    this.#acks.set(id, outcome)
    if (outcome.seq > this.#seq) return this.#outcome(new Map())
    return this.#step(() => {})
  }

  /** The server will not do it: its prediction goes. */
  reject(id: string): Step {
    return this.#step(() => this.#forget(id))
  }

  // Long texts

  /** Call before asking for a task's long texts. */
  expectDetail(task: string): void {
    this.texts.expect(task, this.#seq)
  }

  /** Takes the long texts in; null when they do not fit (another epoch, or older than what came since): ask again. */
  loadDetail(detail: TaskDetail): Step | null {
    return this.texts.fits(detail, this.#epoch) ? this.#step(() => this.texts.load(detail)) : null
  }

  /** The task's long texts are not needed any more. */
  dropDetail(task: string): Step {
    return this.#step(() => this.texts.forget(task))
  }

  /** A task's long texts as they are kept; there must have been a snapshot. */
  textsOf(task: string): Texts {
    return this.texts.facts(task, this.#epoch!, this.#seq)
  }

  // Steps

  /** Predictions off, `work`, predictions on again without those that are settled at `upTo`. */
  #step(work: () => void, upTo?: number): Step {
    this.view.lift()
    work()
    const settled = this.#settle(upTo ?? this.#seq)
    for (const pending of this.#pending) this.#predict(pending)
    return this.#outcome(settled)
  }

  #outcome(settled: ReadonlyMap<string, Outcome>): Step {
    return { touched: this.view.settle(), settled, applied: [], state: 'whole' }
  }

  #settle(upTo: number): ReadonlyMap<string, Outcome> {
    const settled = new Map<string, Outcome>()
    for (const [id, outcome] of this.#acks) if (outcome.seq <= upTo) settled.set(id, outcome)
    for (const id of settled.keys()) this.#forget(id)
    return settled
  }

  #forget(id: string): void {
    this.#acks.delete(id)
    this.#pending = this.#pending.filter((pending) => pending.id !== id)
  }

  #become(change: Change): boolean {
    for (const op of change.ops) {
      if (op.op === 'remove') this.#bin(op.kind, op.id)
      if (isText(op.kind)) this.texts.apply(change.seq, op)
      else if (!this.view.apply(op)) return false
      if (op.op === 'remove' && op.kind === 'task') this.texts.forget(op.id)
    }
    this.#seq = change.seq
    this.texts.follow(change)
    if (this.#pending.some(({ id }) => id === change.id)) this.#acks.set(change.id, { seq: change.seq, noop: false })
    return true
  }

  #predict(pending: Pending): void {
    const context = { me: this.#me(), at: pending.at, view: this.view, recall: this.#binned }
    this.view.predict(() => {
      for (const command of pending.commands)
        for (const op of predict(command, context)) if (this.texts.shows(op)) this.view.apply(op)
    })
  }

  // Trash

  #bin(kind: Kind, id: string): void {
    const record = this.view.get(kind, id)
    if (!record) return
    this.#trash.set(`${kind} ${id}`, record)
    for (const oldest of this.#trash.keys()) {
      if (this.#trash.size <= TRASH_MAX) return
      this.#trash.delete(oldest)
    }
  }

  readonly #binned = <K extends Kind>(kind: K, id: string): RecordOf[K] | undefined =>
    this.view.fact(kind, id) ?? (this.#trash.get(`${kind} ${id}`) as RecordOf[K] | undefined)
}
