/**
 * The records of one project as a person sees them: facts with predictions on top. Predictions are a layer that is
 * lifted off before the facts change and laid on again after. A journal tells what all of that changed in the end. Not
 * here: why something is written.
 */

import type { Column, Kind, Op, RecordOf } from '../protocol/generated'
import type { Attachment, ChecklistItem, Comment, Dependency, Snapshot, Task } from '../protocol/generated'
import { byRank, compare } from './ranks'
import { Sorted } from './sorted'

/** A record that came, changed or went. */
export type Touch = { [K in Kind]: Slot<K> & { readonly after: RecordOf[K] | undefined } }[Kind]

interface Slot<K extends Kind> {
  readonly kind: K
  readonly id: string
  readonly before: RecordOf[K] | undefined
}

type AnySlot = { [K in Kind]: Slot<K> }[Kind]
type Maps = { readonly [K in Kind]: Map<string, RecordOf[K]> }

const DETAILS = ['description', 'comment', 'checklist_item', 'attachment'] as const

export class View {
  readonly columns = new Sorted<Column>(() => '', byRank)
  readonly tasks = new Sorted<Task>((task) => task.column_id, byRank)
  readonly checklist = new Sorted<ChecklistItem>((item) => item.task_id, byRank)
  readonly comments = new Sorted<Comment>((comment) => comment.task_id, byTime)
  readonly attachments = new Sorted<Attachment>((attachment) => attachment.task_id, byTime)
  readonly dependencies = new Sorted<Dependency>((dependency) => dependency.task_id, byId)
  readonly dependents = new Sorted<Dependency>((dependency) => dependency.depends_on_id, byId)

  readonly #maps: Maps = {
    project: new Map(),
    member: new Map(),
    column: new Map(),
    label: new Map(),
    task: new Map(),
    dependency: new Map(),
    description: new Map(),
    comment: new Map(),
    checklist_item: new Map(),
    attachment: new Map(),
  }
  /** First value of each record since the last `settle`. */
  readonly #journal = new Map<string, AnySlot>()
  /** The facts below the predictions. */
  readonly #facts = new Map<string, AnySlot>()
  #predicting = false

  get<K extends Kind>(kind: K, id: string): RecordOf[K] | undefined {
    return this.#map(kind).get(id)
  }

  all<K extends Kind>(kind: K): ReadonlyMap<string, RecordOf[K]> {
    return this.#map(kind)
  }

  /** The record without predictions. */
  fact<K extends Kind>(kind: K, id: string): RecordOf[K] | undefined {
    const covered = this.#facts.get(key(kind, id)) as Slot<K> | undefined
    return covered ? covered.before : this.get(kind, id)
  }

  /** All records of a kind without predictions, in no order. */
  facts<K extends Kind>(kind: K): RecordOf[K][] {
    const records = new Map(this.#map(kind))
    for (const slot of this.#facts.values()) {
      if (slot.kind !== kind) continue
      if (slot.before) records.set(slot.id, slot.before as RecordOf[K])
      else records.delete(slot.id)
    }
    return [...records.values()]
  }

  /** Writes an op. False when it patches what is not there: then this view is not what the server thinks it is. */
  apply(op: Op): boolean {
    switch (op.op) {
      case 'put':
        this.write(op.kind, op.record.id, op.record)
        return true
      case 'remove':
        this.write(op.kind, op.id, undefined)
        return true
      case 'patch': {
        const record = this.get(op.kind, op.id)
        if (record) this.write(op.kind, op.id, { ...record, ...op.fields } as RecordOf[Kind])
        return record !== undefined
      }
    }
  }

  write<K extends Kind>(kind: K, id: string, after: RecordOf[K] | undefined): void {
    const map = this.#map(kind)
    const before = map.get(id)
    const slot = { kind, id, before } as unknown as AnySlot
    if (this.#predicting) remember(this.#facts, slot)
    remember(this.#journal, slot)
    if (before) this.#unindex(kind, before)
    if (after) {
      map.set(id, after)
      this.#index(kind, after)
    } else map.delete(id)
  }

  /** Runs `work`; what it writes is prediction. */
  predict(work: () => void): void {
    this.#predicting = true
    try {
      work()
    } finally {
      this.#predicting = false
    }
  }

  /** Takes all predictions off. */
  lift(): void {
    for (const { kind, id, before } of this.#facts.values()) this.write(kind, id, before)
    this.#facts.clear()
  }

  /** Makes the snapshot all there is, without predictions. */
  load(snapshot: Snapshot): void {
    this.lift()
    this.#replace('project', [snapshot.project])
    this.#replace('member', snapshot.members)
    this.#replace('column', snapshot.columns)
    this.#replace('label', snapshot.labels)
    this.#replace('task', snapshot.tasks)
    this.#replace('dependency', snapshot.dependencies)
    for (const kind of DETAILS) this.#replace(kind, [])
    this.columns.load(snapshot.columns)
    this.tasks.load(this.all('task').values())
    this.dependencies.load(snapshot.dependencies)
    this.dependents.load(snapshot.dependencies)
    this.comments.load([])
    this.attachments.load([])
    this.checklist.load([])
  }

  /**
   * What has changed since the last time. A record that was written and looks as before keeps its identity and is not
   * named.
   */
  settle(): Touch[] {
    const touched: Touch[] = []
    for (const slot of this.#journal.values()) {
      const after = this.get(slot.kind, slot.id)
      if (same(slot.before, after)) this.#keep(slot, after)
      else touched.push({ ...slot, after } as Touch)
    }
    this.#journal.clear()
    return touched
  }

  #map<K extends Kind>(kind: K): Map<string, RecordOf[K]> {
    return this.#maps[kind] as Map<string, RecordOf[K]>
  }

  #replace<K extends Kind>(kind: K, records: readonly RecordOf[K][]): void {
    const map = this.#map(kind)
    for (const [id, before] of map) remember(this.#journal, { kind, id, before } as unknown as AnySlot)
    map.clear()
    for (const record of records) {
      remember(this.#journal, { kind, id: record.id, before: undefined } as unknown as AnySlot)
      map.set(record.id, record)
    }
  }

  /** Puts the earlier one of two equal records back. */
  #keep(slot: AnySlot, after: RecordOf[Kind] | undefined): void {
    if (!slot.before || slot.before === after) return
    this.#map<Kind>(slot.kind).set(slot.id, slot.before)
    if (after) this.#unindex(slot.kind, after)
    this.#index(slot.kind, slot.before)
  }

  #index(kind: Kind, record: RecordOf[Kind]): void {
    for (const index of this.#indexes(kind)) index.add(record)
  }

  #unindex(kind: Kind, record: RecordOf[Kind]): void {
    for (const index of this.#indexes(kind)) index.drop(record)
  }

  #indexes(kind: Kind): readonly Sorted<RecordOf[Kind]>[] {
    return (this.#indexesOf[kind] ?? []) as unknown as readonly Sorted<RecordOf[Kind]>[]
  }

  readonly #indexesOf = {
    column: [this.columns],
    task: [this.tasks],
    checklist_item: [this.checklist],
    comment: [this.comments],
    attachment: [this.attachments],
    dependency: [this.dependencies, this.dependents],
    project: [],
    member: [],
    label: [],
    description: [],
  }
}

function key(kind: Kind, id: string): string {
  return `${kind} ${id}`
}

function remember(slots: Map<string, AnySlot>, slot: AnySlot): void {
  const at = key(slot.kind, slot.id)
  if (!slots.has(at)) slots.set(at, slot)
}

function byId(a: { id: string }, b: { id: string }): number {
  return compare(a.id, b.id)
}

function byTime(a: Comment | Attachment, b: Comment | Attachment): number {
  return compare(a.created_at, b.created_at) || compare(a.id, b.id)
}

/** Equal in all fields; lists by their elements. */
function same(a: object | undefined, b: object | undefined): boolean {
  if (a === b) return true
  if (!a || !b) return false
  const left = Object.entries(a)
  const right = b as Record<string, unknown>
  return left.length === Object.keys(b).length && left.every(([field, value]) => sameValue(value, right[field]))
}

function sameValue(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  return a.length === b.length && a.every((each, i) => each === b[i])
}
