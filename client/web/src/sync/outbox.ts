/**
 * The submits of one project that the server has not answered for good: what is sent, in which order, and what is sent
 * again. Not here: their predictions (replica.ts) and who waits for them (project.ts).
 *
 * Order is kept over every failure: when a submit must be tried again, those behind it are too, because they may build
 * on it. Ids make the repetition harmless (P5).
 */

import type { Command, RejectMessage, SubmitMessage } from '../protocol/generated'
import type { Pending } from './replica'
import type { Shelf } from './shelf'

/** What a refusal means: `stale` answers an earlier sending, `again` is retried here, `final` is for the person. */
export type Verdict = 'stale' | 'again' | 'final'

interface Entry {
  pending: Pending
  /** Sendings that are not answered yet. */
  unanswered: number
  /** It was sent on this connection and is not waiting to be sent again. */
  sent: boolean
  failures: number
}

/**
 * A submit that the server keeps failing on is given up after so many times, with its text kept: it would block all
 * others for good.
 */
const INTERNAL_MAX = 5
/** What names a command and its record rather than what it writes. */
const NO_FIELDS: ReadonlySet<string> = new Set(['type', 'id', 'base_seq'])
const RETRY_BASE_MS = 500
const RETRY_MAX_MS = 15_000

export class Outbox {
  readonly #project: string
  readonly #send: (submit: SubmitMessage) => void
  readonly #shelf: Shelf
  #entries: Entry[] = []
  #open = false
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(project: string, send: (submit: SubmitMessage) => void, shelf: Shelf) {
    this.#project = project
    this.#send = send
    this.#shelf = shelf
  }

  get waiting(): number {
    return this.#entries.length
  }

  add(pending: Pending): void {
    this.#entries.push(entryOf(pending))
    this.#shelf.put(this.#project, pending)
    this.#flush()
  }

  /** Those of an earlier visit, which go before all that was added since. */
  restore(pendings: readonly Pending[]): void {
    const known = new Set(this.#entries.map(({ pending }) => pending.id))
    this.#entries.unshift(...pendings.filter(({ id }) => !known.has(id)).map(entryOf))
    this.#flush()
  }

  /** The project is joined: sends what waits. */
  open(): void {
    this.#open = true
    this.#flush()
  }

  /** The connection is gone, and with it all answers. */
  close(): void {
    this.#open = false
    clearTimeout(this.#retry)
    this.#retry = undefined
    for (const entry of this.#entries) Object.assign(entry, { sent: false, unanswered: 0 })
  }

  /** Committed as change `seq`. */
  acked(id: string, seq: number): void {
    const entry = this.#take(id)
    if (!entry) return
    for (const later of this.#entries) if (!later.sent) this.#rebase(later, entry.pending, seq)
    this.#flush()
  }

  refused({ id, code, retryable, retry_ms }: RejectMessage): Verdict {
    const entry = this.#entries.find(({ pending }) => pending.id === id)
    if (!entry) return 'stale'
    entry.unanswered--
    if (!entry.sent || entry.unanswered > 0) return 'stale'
    entry.failures++
    if (!retryable || (code === 'internal' && entry.failures >= INTERNAL_MAX)) {
      this.#take(id)
      this.#flush()
      return 'final'
    }
    this.#again(entry, retry_ms)
    return 'again'
  }

  /** Empties it: nothing of this project will ever be accepted. Gives what was in it. */
  abandon(): readonly Pending[] {
    const all = this.#entries.map(({ pending }) => pending)
    for (const { id } of all) this.#take(id)
    return all
  }

  #flush(): void {
    if (!this.#open || this.#retry !== undefined) return
    for (const [i, entry] of this.#entries.entries()) {
      if (entry.sent) continue
      if (this.#entries.slice(0, i).some((earlier) => buildsOn(entry.pending, earlier.pending))) return
      entry.sent = true
      entry.unanswered++
      this.#send({ type: 'submit', id: entry.pending.id, project: this.#project, commands: entry.pending.commands })
    }
  }

  /** Sends the entry and all behind it once more, after a while. */
  #again(entry: Entry, retryMs: number | undefined): void {
    for (const each of this.#entries.slice(this.#entries.indexOf(entry))) each.sent = false
    clearTimeout(this.#retry)
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined
        this.#flush()
      },
      retryMs ?? Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** (entry.failures - 1)),
    )
  }

  #take(id: string): Entry | undefined {
    const at = this.#entries.findIndex(({ pending }) => pending.id === id)
    if (at < 0) return undefined
    this.#shelf.remove(id)
    return this.#entries.splice(at, 1)[0]
  }

  /** An edit made on top of an own one that was then accepted as change `seq` has that change as its base. */
  #rebase(later: Entry, accepted: Pending, seq: number): void {
    const commands = later.pending.commands.flatMap((command) => rebased(command, fieldsOf(accepted, command), seq))
    later.pending = { ...later.pending, commands }
    this.#shelf.put(this.#project, later.pending)
  }
}

function entryOf(pending: Pending): Entry {
  return { pending, unanswered: 0, sent: false, failures: 0 }
}

/** Whether `later` must know the seq of `earlier` before it can be sent. */
function buildsOn(later: Pending, earlier: Pending): boolean {
  return later.commands.some((command) => fieldsOf(earlier, command).size > 0)
}

/** The fields that a command and an earlier submit both write with their base checked. */
function fieldsOf(earlier: Pending, later: Command): ReadonlySet<string> {
  if (baseOf(later) === null) return new Set()
  const same = (before: Command) =>
    baseOf(before) !== null && before.type === later.type && idOf(before) === idOf(later)
  const written = new Set(earlier.commands.filter(same).flatMap(fieldNames))
  return new Set(fieldNames(later).filter((field) => written.has(field)))
}

/** With `fields` on top of change `seq`; the other fields keep the base they were written on. */
function rebased(command: Command, fields: ReadonlySet<string>, seq: number): Command[] {
  if (fields.size === 0) return [command]
  const rest = fieldNames(command).filter((field) => !fields.has(field))
  const without = (names: Iterable<string>) => {
    const left: Record<string, unknown> = { ...command }
    for (const name of names) delete left[name]
    return left as unknown as Command
  }
  const onTop = { ...without(rest), base_seq: seq } as Command
  return rest.length === 0 ? [onTop] : [onTop, without(fields)]
}

function fieldNames(command: Command): string[] {
  return Object.keys(command).filter((name) => !NO_FIELDS.has(name))
}

function baseOf(command: Command): number | null {
  return ('base_seq' in command ? command.base_seq : null) ?? null
}

function idOf(command: Command): string {
  return 'id' in command ? command.id : ''
}
