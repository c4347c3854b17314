/**
 * The long texts of tasks that a replica holds: description, comments, checklist, and its files. They are loaded at a seq of their own,
 * which may lie before or after the replica's, so changes are kept while a load is under way and each task's texts know
 * where they start. Not here: when they are loaded (details.ts) and put on the shelf (keeping.ts).
 */

import type { TaskDetail } from '../api/http'
import type { Attachment, Change, ChecklistItem, Comment, Description, Kind, Op } from '../protocol/generated'
import type { View } from './view'

/** One task's long texts as they are kept. */
export interface Texts {
  readonly task: string
  readonly epoch: string
  /** The last change that is certain to be in them. */
  readonly seq: number
  readonly description: Description | null
  readonly comments: readonly Comment[]
  readonly checklist_items: readonly ChecklistItem[]
  readonly attachments: readonly Attachment[]
}

interface Held {
  readonly seq: number
  /** Nothing is missing since. What an earlier visit kept may lack changes. */
  readonly current: boolean
}

export class HeldTexts {
  readonly #view: View
  /** The one that was opened longest ago comes first. */
  readonly #held = new Map<string, Held>()
  /** Task → changes since its texts were asked for. */
  readonly #loading = new Map<string, { readonly since: number; readonly changes: Change[] }>()
  /** Task → how often its texts have changed. */
  readonly #versions = new Map<string, number>()

  constructor(view: View) {
    this.#view = view
  }

  get tasks(): readonly string[] {
    return [...this.#held.keys()]
  }

  holds(task: string): boolean {
    return this.#held.has(task)
  }

  /** Whether they are what the server has at the replica's seq, or later. */
  current(task: string): boolean {
    return this.#held.get(task)?.current ?? false
  }

  /** The last change that is certain to be in them, when the replica is at `head`: the base of what is written on top. */
  seqOf(task: string, head: number): number {
    const held = this.#held.get(task)
    return held ? (held.current ? Math.max(held.seq, head) : held.seq) : head
  }

  /** Another number when they are others. */
  versionOf(task: string): number {
    return this.#versions.get(task) ?? 0
  }

  facts(task: string, epoch: string, head: number): Texts {
    const of = <R extends { task_id: string }>(records: readonly R[]) =>
      records.filter(({ task_id }) => task_id === task)
    const { description, comments, items, attachments } = this.#factsOf()
    const own = description.find(({ id }) => id === task) ?? null
    const seq = this.seqOf(task, head)
    const lists = { comments: of(comments), checklist_items: of(items), attachments: of(attachments) }
    return { task, epoch, seq, description: own, ...lists }
  }

  /** Somebody looks at them again. */
  renew(task: string): void {
    const held = this.#held.get(task)
    if (held && this.#held.delete(task)) this.#held.set(task, held)
  }

  /** Call before asking for a task's texts. */
  expect(task: string, head: number): void {
    this.#loading.set(task, { since: head, changes: [] })
  }

  /** Whether they continue what is known: not from another epoch, nor older than what came since they were asked for. */
  fits(detail: TaskDetail, epoch: string | null): boolean {
    const loading = this.#loading.get(detail.task.id)
    return loading !== undefined && detail.epoch === epoch && detail.seq >= loading.since
  }

  /** Takes in what `fits`. */
  load(detail: TaskDetail): void {
    const task = detail.task.id
    const changes = this.#loading.get(task)?.changes ?? []
    this.#loading.delete(task)
    this.#write({ ...detail, task }, true)
    for (const { seq, ops } of changes) for (const op of ops) this.apply(seq, op)
  }

  /** Takes in what an earlier visit kept of a task that is still there. */
  recall(texts: Texts, head: number): void {
    if (this.#view.get('task', texts.task)) this.#write(texts, texts.seq >= head)
  }

  /** All records anew, by `work`: the texts of tasks that are still there stay, and may lack changes from now on. */
  reload(work: () => void): void {
    const { description, comments, items, attachments } = this.#factsOf()
    this.#loading.clear()
    work()
    for (const [task, { seq }] of this.#held) {
      this.#held.set(task, { seq, current: false })
      if (!this.#view.get('task', task)) this.#held.delete(task)
    }
    for (const each of description) if (this.holds(each.id)) this.#view.write('description', each.id, each)
    for (const each of comments) if (this.holds(each.task_id)) this.#view.write('comment', each.id, each)
    for (const each of items) if (this.holds(each.task_id)) this.#view.write('checklist_item', each.id, each)
    for (const each of attachments) if (this.holds(each.task_id)) this.#view.write('attachment', each.id, each)
  }

  forget(task: string): void {
    this.#loading.delete(task)
    if (this.#held.delete(task)) this.#clear(task)
  }

  forgetAll(): void {
    for (const task of [...this.#held.keys(), ...this.#loading.keys()]) this.forget(task)
  }

  /** A change has become fact. */
  follow(change: Change): void {
    for (const loading of this.#loading.values()) loading.changes.push(change)
  }

  /** Writes an op of change `seq`, if it is about texts that are held and do not have it yet. */
  apply(seq: number, op: Op): void {
    const task = this.#taskOf(op)
    const held = task === undefined ? undefined : this.#held.get(task)
    if (!isText(op.kind) || task === undefined || !held || seq <= held.seq) return
    this.#touch(task)
    this.#view.apply(op)
  }

  /** Whether a predicted op can be shown: those of texts that are not held can not. */
  shows(op: Op): boolean {
    const task = this.#taskOf(op)
    return !isText(op.kind) || (task !== undefined && this.holds(task))
  }

  #write({ task, seq, description, comments, checklist_items, attachments }: Texts, current: boolean): void {
    this.#clear(task)
    this.#held.delete(task)
    this.#held.set(task, { seq, current })
    this.#touch(task)
    if (description) this.#view.write('description', task, description)
    for (const comment of comments) this.#view.write('comment', comment.id, comment)
    for (const item of checklist_items) this.#view.write('checklist_item', item.id, item)
    for (const file of attachments) this.#view.write('attachment', file.id, file)
  }

  #clear(task: string): void {
    this.#view.write('description', task, undefined)
    for (const { id } of [...this.#view.comments.of(task)]) this.#view.write('comment', id, undefined)
    for (const { id } of [...this.#view.checklist.of(task)]) this.#view.write('checklist_item', id, undefined)
    for (const { id } of [...this.#view.attachments.of(task)]) this.#view.write('attachment', id, undefined)
  }

  #touch(task: string): void {
    this.#versions.set(task, this.versionOf(task) + 1)
  }

  #factsOf() {
    const facts = this.#view.facts.bind(this.#view)
    return {
      description: facts('description'),
      comments: facts('comment'),
      items: facts('checklist_item'),
      attachments: facts('attachment'),
    }
  }

  /** The task whose long text an op is about; undefined when it is about one that is not held. */
  #taskOf(op: Op): string | undefined {
    if (op.op === 'put') return 'task_id' in op.record ? op.record.task_id : op.record.id
    if (op.kind === 'description') return op.id
    return (this.#view.get(op.kind, op.id) as { task_id?: string } | undefined)?.task_id
  }
}

export function isText(kind: Kind): boolean {
  return kind === 'description' || kind === 'comment' || kind === 'checklist_item' || kind === 'attachment'
}
