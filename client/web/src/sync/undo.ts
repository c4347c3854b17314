/**
 * What one person did to one board in this page, to be taken back and done again: by new commands, one step at a time.
 * An edit is not taken back when somebody else has changed the same since: changes that pass by tell, and for the moment
 * before they arrive `base_seq` does. Not here: which commands take back which (inverse.ts), and the words for it.
 */

import type { Change, Command, Op } from '../protocol/generated'
import { LIMITS } from '../protocol/generated'
import { aboutOf, type About } from './about'
import { inverse, type Placed, type Step } from './inverse'
import { Rejected, type Outcome, type Rejection } from './outcome'
import type { Replica } from './replica'

/** An edit that can be taken back. */
export interface Edit {
  readonly about: About
}

/** An attempt to take something back or to do it again. */
export interface Turn {
  readonly about: About
  /** Who has changed the same since: then nothing was done. */
  readonly overtaken: string | null
  /** Why the server would not, null when it did. */
  readonly refused: Promise<Rejection | null>
}

interface Entry extends Edit {
  readonly steps: readonly Step[]
  readonly touches: ReadonlySet<string>
  /** When it was made, in milliseconds. */
  at: number
  base: number | null
  member: string | null
  overtaken: string | null
}

export interface HistoryOptions {
  readonly replica: Replica
  readonly submit: (commands: readonly Command[]) => Promise<Outcome>
  readonly now: () => number
}

const ENTRIES_MAX = 100
/** A text is saved at every pause; what is saved within this of each other is one edit, in milliseconds. */
const WRITING_MS = 10_000

export class History {
  readonly #options: HistoryOptions
  readonly #done: Entry[] = []
  readonly #undone: Entry[] = []
  /** The last change that was heard of. */
  #seen = -1

  constructor(options: HistoryOptions) {
    this.#options = options
  }

  /** The latest edit that can be taken back. */
  get last(): Edit | null {
    return this.#done.at(-1) ?? null
  }

  /** Submits a new edit and remembers it. What was taken back before can not be done again after. */
  submit(commands: readonly Command[]): Promise<Outcome> {
    this.#forgetUnseen()
    const rebased = this.#rebased(commands)
    const entry = this.#entry(rebased)
    const outcome = this.#options.submit(rebased)
    this.#undone.length = 0
    if (entry.steps.length > 0 && !this.#goesOn(entry)) this.#keep(this.#done, entry, outcome)
    return outcome
  }

  /** Takes an edit back, the latest one by default; null when there is none. */
  undo(edit: Edit | null = this.last): Turn | null {
    return this.#turn(edit, this.#done, this.#undone)
  }

  /** Does again what was taken back last. */
  redo(): Turn | null {
    return this.#turn(this.#undone.at(-1) ?? null, this.#undone, this.#done)
  }

  /** Nothing that was done before now is taken back: the right to do so is gone. */
  forget(): void {
    this.#clear()
  }

  /** A change became fact. Call with every one, in order. */
  changed(change: Change, own: boolean): void {
    if (change.seq !== this.#seen + 1) this.#clear()
    this.#seen = change.seq
    const entries = [...this.#done, ...this.#undone]
    if (entries.length === 0) return
    const touched = touchedBy(change.ops)
    for (const entry of entries.filter((each) => meet(each.touches, touched))) {
      if (own) entry.base = change.seq
      else entry.overtaken ??= change.actor.name
    }
    if (own && change.kind === 'add_member') this.#added(change)
  }

  #turn(edit: Edit | null, from: Entry[], to: Entry[]): Turn | null {
    this.#forgetUnseen()
    const entry = from.find((each) => each === edit)
    if (!entry) return null
    const { about, overtaken } = entry
    const { view } = this.#options.replica
    const placed: Placed[] = []
    const commands = entry.steps.map(({ make }) => make(view, entry, placed)).filter((command) => command !== null)
    if (commands.length === 0) return null
    from.splice(from.indexOf(entry), 1)
    if (overtaken !== null) return { about, overtaken, refused: Promise.resolve(null) }
    const back = { ...this.#entry(commands), about }
    const outcome = this.#submitAll(commands)
    this.#keep(to, back, outcome)
    const refused = outcome.then(() => null, rejectionIn)
    return { about, overtaken, refused }
  }

  /** All in one, unless a column with very many tasks comes back. */
  #submitAll(commands: readonly Command[]): Promise<Outcome> {
    const first = this.#options.submit(commands.slice(0, LIMITS.commands))
    if (commands.length <= LIMITS.commands) return first
    return Promise.all([first, this.#submitAll(commands.slice(LIMITS.commands))]).then(([outcome]) => outcome)
  }

  #entry(commands: readonly Command[]): Entry {
    const { replica, now } = this.#options
    const steps = inverse(commands, replica)
    const touches = new Set(steps.flatMap((step) => step.touches))
    const base = Math.max(...commands.map((command) => ('base_seq' in command ? (command.base_seq ?? -1) : -1)))
    const about = aboutOf(commands, replica.view)
    return { about, steps, touches, at: now(), base: base < 0 ? null : base, member: null, overtaken: null }
  }

  /** Our own later changes of the same are no conflict: one edits on while the last edit is being saved. */
  #rebased(commands: readonly Command[]): readonly Command[] {
    const { touches } = this.#entry(commands)
    const own = this.#done.filter((each) => each.overtaken === null && meet(each.touches, touches))
    const base = Math.max(...own.map((each) => each.base ?? -1))
    return commands.map((command) =>
      'base_seq' in command && (command.base_seq ?? base) < base ? { ...command, base_seq: base } : command,
    )
  }

  /** Whether it only carries on the text that was saved last: the text before that is where undo leads. */
  #goesOn({ about, touches, at }: Entry): boolean {
    const last = this.#done.at(-1)
    if (about.type !== 'describe_task' || !last || !meet(touches, last.touches)) return false
    if (last.overtaken !== null || at - last.at > WRITING_MS) return false
    last.at = at
    return true
  }

  /** Keeps an entry unless it comes to nothing. */
  #keep(entries: Entry[], entry: Entry, outcome: Promise<Outcome>): void {
    entries.push(entry)
    if (entries.length > ENTRIES_MAX) entries.shift()
    const drop = () => void (entries.includes(entry) && entries.splice(entries.indexOf(entry), 1))
    outcome.then(({ noop }) => noop && drop(), drop)
  }

  /** The server tells who it was that was added by e-mail. Such edits take effect in the order in which they were made. */
  #added({ ops: [op] }: Change): void {
    const entry = this.#done.find(({ about, member }) => about.type === 'add_member' && member === null)
    if (entry && op) entry.member = op.op === 'put' ? op.record.id : op.id
  }

  /** After changes that were not seen nobody knows what was overtaken. */
  #forgetUnseen(): void {
    const { seq } = this.#options.replica
    if (seq !== this.#seen) this.#clear()
    this.#seen = seq
  }

  #clear(): void {
    this.#done.length = 0
    this.#undone.length = 0
  }
}

/** Every record and field that ops write. */
function touchedBy(ops: readonly Op[]): ReadonlySet<string> {
  return new Set(
    ops.flatMap((op) => {
      const record = `${op.kind} ${op.op === 'put' ? op.record.id : op.id}`
      const fields = op.op === 'put' ? op.record : op.op === 'patch' ? op.fields : {}
      return [record, ...Object.keys(fields).map((field) => `${record} ${field}`)]
    }),
  )
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((each) => b.has(each))
}

function rejectionIn(wrong: unknown): Rejection {
  if (wrong instanceof Rejected) return wrong.rejection
  throw wrong
}
