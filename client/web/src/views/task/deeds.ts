/** What happened to a card, read from changes and put into words, with from and to as far as the changes tell. Pure. */

import type { Change, Kind, Op, Remove, Task } from '../../protocol/generated'
import type { Strings } from '../../strings'

export interface Deed {
  readonly key: string
  readonly at: string
  readonly who: string
  readonly words: string
}

/** How values are said. Ids that name nothing give undefined. */
export interface Sayings {
  readonly words: Strings['sheet']['deed']
  column(id: string): string | undefined
  label(id: string): string | undefined
  member(id: string): string | undefined
  title(task: string): string | undefined
  priority(value: number): string
  when(value: string): string
  /** The name of a bot, marked as one. */
  bot(name: string): string
  /** Texts of the card's checklist items by id, as they are now. */
  readonly items: ReadonlyMap<string, string>
  /** Ids of the card's comments. */
  readonly comments: ReadonlySet<string>
}

interface Known {
  readonly id: string
  /** Values of the card's fields before the change that is read, as far as earlier ones told. */
  fields: Partial<Task>
  readonly items: Map<string, string>
  /** Names of its files by id, those that are gone too. */
  readonly files: Map<string, string>
}

type OpOf<K extends Kind> = Extract<Op, { kind: K }> | Remove

/** Whether a change says something of the card. */
export function isAbout(change: Change, task: string, { items, comments }: Sayings): boolean {
  return change.ops.some((op) => {
    if (op.op === 'put') return op.record.id === task || Object.values(op.record).includes(task)
    return op.id === task || items.has(op.id) || comments.has(op.id)
  })
}

/** `changes` with the oldest first. */
export function deedsOf(changes: readonly Change[], task: string, say: Sayings): readonly Deed[] {
  const known: Known = { id: task, fields: {}, items: new Map(say.items), files: new Map() }
  return changes.flatMap((change) => {
    const all = change.ops.flatMap((op) => wordsOf(op, change.kind, known, say))
    const { at, actor, seq } = change
    const who = actor.kind === 'bot' ? say.bot(actor.name) : actor.name
    return [...new Set(all)].map((words, i) => ({ key: `${seq} ${i}`, at, who, words }))
  })
}

function wordsOf(op: Op, kind: string, known: Known, say: Sayings): readonly string[] {
  const { words } = say
  switch (op.kind) {
    case 'task':
      return taskWords(op, kind, known, say)
    case 'description':
      return idOf(op) === known.id && kind === 'describe_task' ? [words.described] : []
    case 'checklist_item':
      return itemWords(op, known, say)
    case 'attachment':
      return fileWords(op, kind, known, say)
    case 'comment':
      if (op.op === 'put' || !say.comments.has(op.id)) return []
      return [op.op === 'patch' ? words.commentEdited : words.commentDeleted]
    case 'dependency': {
      if (op.op !== 'put') return []
      const { task_id, depends_on_id } = op.record
      if (task_id === known.id) return [words.waits(say.title(depends_on_id) ?? '…')]
      return depends_on_id === known.id ? [words.blocks(say.title(task_id) ?? '…')] : []
    }
    default:
      return []
  }
}

const ARRIVALS = { create_task: 'created', restore_task: 'restored', import_records: 'imported' } as const

function taskWords(op: OpOf<'task'>, kind: string, known: Known, say: Sayings): readonly string[] {
  if (idOf(op) !== known.id) return []
  if (op.op === 'remove') return [say.words.deleted]
  if (op.op === 'put') {
    known.fields = op.record
    return kind in ARRIVALS ? [say.words[ARRIVALS[kind as keyof typeof ARRIVALS]]] : []
  }
  const before = known.fields
  known.fields = { ...before, ...op.fields }
  return fieldWords(op.fields, before, say)
}

function fieldWords(now: Partial<Task>, before: Partial<Task>, say: Sayings): readonly string[] {
  const { words } = say
  const all: string[] = []
  const moved = now.column_id !== undefined && now.column_id !== before.column_id
  if (now.title !== undefined) all.push(words.titled(now.title, before.title))
  if (moved) all.push(words.moved(say.column(now.column_id!) ?? '…', named(before.column_id, say.column)))
  else if (now.completed_at !== undefined) all.push(now.completed_at === null ? words.reopened : words.completed)
  if (now.priority !== undefined)
    all.push(words.priority(say.priority(now.priority), named(before.priority, say.priority)))
  if (now.due_at === null) all.push(words.dueCleared)
  else if (now.due_at !== undefined) all.push(words.due(say.when(now.due_at), named(before.due_at, say.when)))
  if (now.start_at === null) all.push(words.startCleared)
  else if (now.start_at !== undefined) all.push(words.start(say.when(now.start_at), named(before.start_at, say.when)))
  if (now.archived_at !== undefined) all.push(now.archived_at === null ? words.unarchived : words.archived)
  const labels = { names: say.label, added: words.labelled, removed: words.unlabelled, other: words.labels }
  const people = { names: say.member, added: words.assigned, removed: words.unassigned, other: words.assignees }
  return [
    ...all,
    ...setWords(now.label_ids, before.label_ids, labels),
    ...setWords(now.assignee_ids, before.assignee_ids, people),
  ]
}

function named<V>(value: V | null | undefined, say: (value: V) => string | undefined): string | undefined {
  return value === null || value === undefined ? undefined : say(value)
}

interface SetWords {
  names: (id: string) => string | undefined
  added: (names: readonly string[]) => string
  removed: (names: readonly string[]) => string
  other: string
}

function setWords(
  now: readonly string[] | undefined,
  before: readonly string[] | undefined,
  { names, added, removed, other }: SetWords,
): readonly string[] {
  if (!now) return []
  if (!before) return [other]
  const nameAll = (ids: readonly string[]) => ids.map(names).filter((name) => name !== undefined)
  const come = nameAll(now.filter((id) => !before.includes(id)))
  const gone = nameAll(before.filter((id) => !now.includes(id)))
  return [...(come.length > 0 ? [added(come)] : []), ...(gone.length > 0 ? [removed(gone)] : [])]
}

function itemWords(op: OpOf<'checklist_item'>, { id, items }: Known, { words }: Sayings): readonly string[] {
  if (op.op === 'put') {
    if (op.record.task_id !== id) return []
    items.set(op.record.id, op.record.text)
    return [words.itemAdded(op.record.text)]
  }
  const text = items.get(op.id)
  if (text === undefined) return []
  if (op.op === 'remove') return [words.checklist]
  if (op.fields.text !== undefined) items.set(op.id, op.fields.text)
  if (op.fields.done === undefined) return op.fields.text === undefined ? [] : [words.checklist]
  return [op.fields.done ? words.itemTicked(text) : words.itemUnticked(text)]
}

function fileWords(op: OpOf<'attachment'>, kind: string, { id, files }: Known, { words }: Sayings): readonly string[] {
  if (op.op === 'put') {
    if (op.record.task_id !== id) return []
    files.set(op.record.id, op.record.name)
    return [kind === 'restore_attachment' ? words.fileBack(op.record.name) : words.fileAdded(op.record.name)]
  }
  const name = files.get(op.id)
  return op.op === 'remove' && name !== undefined ? [words.fileDeleted(name)] : []
}

function idOf(op: Op): string {
  return op.op === 'put' ? op.record.id : op.id
}
