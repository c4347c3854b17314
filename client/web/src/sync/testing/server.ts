/**
 * The other side of the wire, in memory: one project that decides as the protocol says. Its handlers are the
 * predictions, with facts of its own.
 */

import type { Change, Command, Op, Snapshot } from '../../protocol/generated'
import type { TaskDetail } from '../../api/http'
import { predict } from '../predict'
import { View } from '../view'
import { PROJECT, snapshot } from './records'

export type Answer = { seq: number; noop?: boolean; duplicate?: boolean } | { code: 'not_found' | 'conflict' }

export class ModelServer {
  readonly view = new View()
  readonly log: Change[] = []
  epoch = 'e1'
  seq = 10
  #numbers = 100
  readonly #seqOf = new Map<string, number>()
  readonly #removed = new Map<string, unknown>()

  constructor() {
    this.view.load(snapshot())
  }

  execute(id: string, commands: readonly Command[], actor: string): Answer {
    const known = this.#seqOf.get(id)
    if (known !== undefined) return { seq: known, duplicate: true }
    const at = new Date(Date.UTC(2026, 4, 12, 10, 0, this.seq)).toISOString()
    const ops = commands.flatMap((command) => this.#run(command, actor, at))
    if (ops.length === 0) return this.#refuses(commands) ? { code: 'not_found' } : { seq: this.seq, noop: true }
    this.seq++
    this.#seqOf.set(id, this.seq)
    const by = { id: actor, name: actor, kind: 'person' as const }
    this.log.push({ type: 'change', project: PROJECT, seq: this.seq, id, actor: by, at, kind: commands[0]!.type, ops })
    return { seq: this.seq }
  }

  snapshot(): Snapshot {
    const sorted = <R extends { id: string }>(records: Iterable<R>) =>
      [...records].sort((a, b) => (a.id < b.id ? -1 : 1))
    return {
      epoch: this.epoch,
      seq: this.seq,
      project: this.view.get('project', PROJECT)!,
      members: sorted(this.view.all('member').values()),
      columns: sorted(this.view.all('column').values()),
      labels: sorted(this.view.all('label').values()),
      tasks: sorted(this.view.all('task').values()),
      dependencies: sorted(this.view.all('dependency').values()),
    }
  }

  detail(task: string): TaskDetail {
    return {
      epoch: this.epoch,
      seq: this.seq,
      task: this.view.get('task', task)!,
      description: this.view.get('description', task) ?? null,
      comments: [...this.view.comments.of(task)],
      checklist_items: [...this.view.checklist.of(task)],
      attachments: [...this.view.attachments.of(task)],
      dependencies: [...this.view.dependencies.of(task)],
    }
  }

  /** The database is restored from a backup. */
  rewind(): void {
    this.epoch += '+'
    this.seq -= 2
    this.log.length = 0
    this.#seqOf.clear()
  }

  #run(command: Command, actor: string, at: string): readonly Op[] {
    const recall = (kind: string, id: string) => this.#removed.get(`${kind} ${id}`) as never
    const ops = predict(command, { me: actor, at, view: this.view, recall }).map((op) => this.#numbered(op))
    for (const op of ops) {
      if (op.op === 'remove') this.#removed.set(`${op.kind} ${op.id}`, this.view.get(op.kind, op.id))
      this.view.apply(op)
    }
    return ops
  }

  #numbered(op: Op): Op {
    if (op.op !== 'put' || op.kind !== 'task' || op.record.number > 0) return op
    return { ...op, record: { ...op.record, number: ++this.#numbers } }
  }

  #refuses(commands: readonly Command[]): boolean {
    return commands.some((command) => 'id' in command && !this.view.get('task', command.id))
  }
}
