/** A board's records, reactive one by one: fed by the replica's touches, read by views through `Records`. */

import { SvelteMap } from 'svelte/reactivity'
import type {
  Attachment,
  ChecklistItem,
  Column,
  Comment,
  Dependency,
  Kind,
  Label,
  Member,
  Project,
  RecordOf,
  Role,
  Task,
} from '../protocol/generated'
import { compare } from '../sync/ranks'
import type { Touch, View } from '../sync/view'
import type { Records } from './types'

const NONE: readonly never[] = []

export class LiveRecords implements Records {
  readonly #view: View
  readonly #me: () => string | null
  readonly #tasks = new SvelteMap<string, Task>()
  readonly #taskIds = new SvelteMap<string, readonly string[]>()
  readonly #byId = {
    column: new SvelteMap<string, Column>(),
    label: new SvelteMap<string, Label>(),
    member: new SvelteMap<string, Member>(),
  }
  readonly #dependencies = new SvelteMap<string, readonly Dependency[]>()
  readonly #dependents = new SvelteMap<string, readonly Dependency[]>()
  readonly #descriptions = new SvelteMap<string, string>()
  readonly #comments = new SvelteMap<string, readonly Comment[]>()
  readonly #checklists = new SvelteMap<string, readonly ChecklistItem[]>()
  readonly #attachments = new SvelteMap<string, readonly Attachment[]>()
  #project = $state.raw<Project | undefined>()
  #columns = $state.raw<readonly Column[]>([])
  #labels = $state.raw<readonly Label[]>([])
  #members = $state.raw<readonly Member[]>([])

  /** `me` reads our own user id, reactively. */
  constructor(view: View, me: () => string | null) {
    this.#view = view
    this.#me = me
  }

  get project(): Project | undefined {
    return this.#project
  }

  get me(): Member | undefined {
    const id = this.#me()
    return id === null ? undefined : this.#byId.member.get(id)
  }

  get role(): Role | null {
    return this.me?.role ?? null
  }

  get columns(): readonly Column[] {
    return this.#columns
  }

  column(id: string): Column | undefined {
    return this.#byId.column.get(id)
  }

  taskIds(column: string): readonly string[] {
    return this.#taskIds.get(column) ?? NONE
  }

  task(id: string): Task | undefined {
    return this.#tasks.get(id)
  }

  get tasks(): Iterable<Task> {
    return this.#tasks.values()
  }

  get archived(): readonly Task[] {
    const archived = [...this.#tasks.values()].filter(({ archived_at }) => archived_at !== null)
    return archived.sort((a, b) => compare(b.archived_at!, a.archived_at!) || compare(a.id, b.id))
  }

  get labels(): readonly Label[] {
    return this.#labels
  }

  label(id: string): Label | undefined {
    return this.#byId.label.get(id)
  }

  get members(): readonly Member[] {
    return this.#members
  }

  member(id: string): Member | undefined {
    return this.#byId.member.get(id)
  }

  dependenciesOf(task: string): readonly Dependency[] {
    return this.#dependencies.get(task) ?? NONE
  }

  dependentsOf(task: string): readonly Dependency[] {
    return this.#dependents.get(task) ?? NONE
  }

  // A task's long texts, for its detail

  description(task: string): string {
    return this.#descriptions.get(task) ?? ''
  }

  comments(task: string): readonly Comment[] {
    return this.#comments.get(task) ?? NONE
  }

  checklist(task: string): readonly ChecklistItem[] {
    return this.#checklists.get(task) ?? NONE
  }

  attachments(task: string): readonly Attachment[] {
    return this.#attachments.get(task) ?? NONE
  }

  /** Takes up what a step changed; each list that it concerns is looked at once. */
  take(touched: readonly Touch[]): void {
    const lists = new Lists()
    for (const touch of touched) {
      this.#write(touch)
      lists.note(touch)
    }
    const view = this.#view
    for (const column of lists.columnsOfTasks) this.#relist(this.#taskIds, column, openIds(view.tasks.of(column)))
    for (const task of lists.dependencies) this.#relist(this.#dependencies, task, view.dependencies.of(task))
    for (const task of lists.dependents) this.#relist(this.#dependents, task, view.dependents.of(task))
    for (const task of lists.comments) this.#relist(this.#comments, task, view.comments.of(task))
    for (const task of lists.checklists) this.#relist(this.#checklists, task, view.checklist.of(task))
    for (const task of lists.attachments) this.#relist(this.#attachments, task, view.attachments.of(task))
    if (lists.kinds.has('column')) this.#columns = [...view.columns.of('')]
    if (lists.kinds.has('label')) this.#labels = byName(view.all('label').values())
    if (lists.kinds.has('member')) this.#members = byName(view.all('member').values())
  }

  #write(touch: Touch): void {
    const { kind, id, after } = touch
    switch (kind) {
      case 'project':
        this.#project = after
        break
      case 'task':
        setOrDelete(this.#tasks, id, after)
        break
      case 'column':
        setOrDelete(this.#byId.column, id, after)
        break
      case 'label':
        setOrDelete(this.#byId.label, id, after)
        break
      case 'member':
        setOrDelete(this.#byId.member, id, after)
        break
      case 'description':
        setOrDelete(this.#descriptions, id, after?.text)
        break
      case 'dependency':
      case 'comment':
      case 'checklist_item':
      case 'attachment':
        break // read through their lists
    }
  }

  /** A list keeps its identity while it holds the same. */
  #relist<R>(lists: SvelteMap<string, readonly R[]>, key: string, now: readonly R[]): void {
    const before = lists.get(key)
    if (now.length === 0) lists.delete(key)
    else if (!before || before.length !== now.length || now.some((each, i) => each !== before[i]))
      lists.set(key, [...now])
  }
}

/** Which lists the touches of one step concern. */
class Lists {
  readonly kinds = new Set<Kind>()
  readonly columnsOfTasks = new Set<string>()
  readonly dependencies = new Set<string>()
  readonly dependents = new Set<string>()
  readonly comments = new Set<string>()
  readonly checklists = new Set<string>()
  readonly attachments = new Set<string>()

  note(touch: Touch): void {
    const { kind, before, after } = touch
    this.kinds.add(kind)
    if (touch.kind === 'task' && staysPut(touch.before, touch.after)) return
    for (const record of [before, after]) if (record) this.#note(kind, record)
  }

  #note(kind: Kind, record: RecordOf[Kind]): void {
    if (kind === 'task') this.columnsOfTasks.add((record as Task).column_id)
    else if (kind === 'comment') this.comments.add((record as Comment).task_id)
    else if (kind === 'checklist_item') this.checklists.add((record as ChecklistItem).task_id)
    else if (kind === 'attachment') this.attachments.add((record as Attachment).task_id)
    else if (kind === 'dependency') {
      this.dependencies.add((record as Dependency).task_id)
      this.dependents.add((record as Dependency).depends_on_id)
    }
  }
}

/** Whether a task stands where it stood: most changes are of this sort, and need no look at its column. */
function staysPut(before: Task | undefined, after: Task | undefined): boolean {
  if (!before || !after) return false
  return before.column_id === after.column_id && before.rank === after.rank && before.archived_at === after.archived_at
}

function openIds(tasks: readonly Task[]): readonly string[] {
  return tasks.filter(({ archived_at }) => archived_at === null).map(({ id }) => id)
}

function byName<R extends { id: string; name: string }>(records: Iterable<R>): readonly R[] {
  return [...records].sort((a, b) => a.name.localeCompare(b.name) || compare(a.id, b.id))
}

function setOrDelete<V>(map: SvelteMap<string, V>, id: string, value: V | undefined): void {
  if (value === undefined) map.delete(id)
  else map.set(id, value)
}
