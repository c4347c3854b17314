/**
 * One project's records on this side of the wire: the facts up to `seq`, and what our unanswered submits will make of
 * them. Pure: it is told what came and tells what that changed. Not here: sending and waiting (outbox.ts), joining and
 * loading (project.ts).
 *
 * A task's long texts are held only while somebody looks at them; ops on others' are skipped. They are loaded at a seq
 * of their own, which may lie before or after the replica's, so changes are kept while a load is under way and each
 * text knows where it starts.
 */

import type { TaskDetail } from '../api/http'
import type { Change, Command, Kind, Op, RecordOf, Snapshot } from '../protocol/generated'
import type { Outcome } from './outcome'
import { predict } from './predict'
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
  readonly #me: () => string | null
  #epoch: string | null = null
  #seq = -1
  #pending: Pending[] = []
  readonly #acks = new Map<string, Outcome>()
  /** Task → the seq at which its long texts were read. */
  readonly #details = new Map<string, number>()
  /** Task → changes since its long texts were asked for. */
  readonly #loading = new Map<string, { readonly since: number; readonly changes: Change[] }>()
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

  /** Everything anew. Long texts are dropped, they must be loaded again. */
  load(snapshot: Snapshot): Step {
    const sameEpoch = this.#epoch === null || this.#epoch === snapshot.epoch
    this.#epoch = snapshot.epoch
    this.#seq = snapshot.seq
    this.#details.clear()
    this.#loading.clear()
    this.#trash.clear()
    return this.#step(() => this.view.load(snapshot), sameEpoch ? snapshot.seq : Infinity)
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
    this.#loading.set(task, { since: this.#seq, changes: [] })
  }

  /** Takes the long texts in; null when they do not fit (another epoch, or older than what came since): ask again. */
  loadDetail(detail: TaskDetail): Step | null {
    const task = detail.task.id
    const loading = this.#loading.get(task)
    if (!loading || detail.epoch !== this.#epoch || detail.seq < loading.since) return null
    this.#loading.delete(task)
    return this.#step(() => {
      this.#clearDetail(task)
      this.#details.set(task, detail.seq)
      if (detail.description) this.view.write('description', task, detail.description)
      for (const comment of detail.comments) this.view.write('comment', comment.id, comment)
      for (const item of detail.checklist_items) this.view.write('checklist_item', item.id, item)
      for (const change of loading.changes)
        for (const op of change.ops) if (isDetail(op.kind)) this.#detailOp(change.seq, op)
    })
  }

  /** Nobody looks at the task's long texts any more. */
  dropDetail(task: string): Step {
    this.#loading.delete(task)
    if (!this.#details.delete(task)) return this.#outcome(new Map())
    return this.#step(() => this.#clearDetail(task))
  }

  holdsDetail(task: string): boolean {
    return this.#details.has(task)
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
      if (isDetail(op.kind)) this.#detailOp(change.seq, op)
      else if (!this.view.apply(op)) return false
    }
    this.#seq = change.seq
    for (const loading of this.#loading.values()) loading.changes.push(change)
    if (this.#pending.some(({ id }) => id === change.id)) this.#acks.set(change.id, { seq: change.seq, noop: false })
    return true
  }

  #predict(pending: Pending): void {
    const context = { me: this.#me(), at: pending.at, view: this.view, recall: this.#recall }
    this.view.predict(() => {
      for (const command of pending.commands)
        for (const op of predict(command, context)) if (!isDetail(op.kind) || this.#isHeld(op)) this.view.apply(op)
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

  readonly #recall = <K extends Kind>(kind: K, id: string): RecordOf[K] | undefined =>
    this.view.fact(kind, id) ?? (this.#trash.get(`${kind} ${id}`) as RecordOf[K] | undefined)

  // Long texts, in ops

  #detailOp(seq: number, op: Op): void {
    const task = this.#taskOf(op)
    const since = task === undefined ? undefined : this.#details.get(task)
    if (since !== undefined && seq > since) this.view.apply(op)
  }

  #isHeld(op: Op): boolean {
    const task = this.#taskOf(op)
    return task !== undefined && this.#details.has(task)
  }

  /** The task whose long text an op is about; undefined when it is about one that is not held. */
  #taskOf(op: Op): string | undefined {
    if (op.op === 'put') return 'task_id' in op.record ? op.record.task_id : op.record.id
    if (op.kind === 'description') return op.id
    return (this.view.get(op.kind, op.id) as { task_id?: string } | undefined)?.task_id
  }

  #clearDetail(task: string): void {
    this.view.write('description', task, undefined)
    for (const { id } of [...this.view.comments.of(task)]) this.view.write('comment', id, undefined)
    for (const { id } of [...this.view.checklist.of(task)]) this.view.write('checklist_item', id, undefined)
  }
}

function isDetail(kind: Kind): boolean {
  return kind === 'description' || kind === 'comment' || kind === 'checklist_item'
}
