/**
 * What views see of the live board. Everything here is reactive: read it in a component or an effect, and that part is
 * drawn again when, and only when, what it read has changed. Records are immutable; a changed record is a new object.
 *
 *     const http = new Http()                            // src/api/http.ts: sign-in, list of projects
 *     const account = createAccount(http)                // who is signed in: account.user, .login(), .logout()
 *     const session = createSession(http)                // after sign-in; one for the whole page
 *     session.connection.state                           // 'live' | 'catching_up' | 'offline'
 *     const board = session.open(projectId)              // at once; board.state is 'loading' until the snapshot came
 *     {#each board.store.columns as column (column.id)}
 *       {#each board.store.taskIds(column.id) as id (id)}    <Card task={board.store.task(id)} />
 *     board.submit({ type: 'move_task', id, column_id, place: { after: other } })
 *     const detail = board.detail(taskId)                // description, comments, checklist; live while detail.look()ed at
 *     board.close(); session.close()
 *
 * `submit` shows its prediction before it returns and never needs to be awaited. Await it to learn the outcome: it
 * resolves once the edit is durable and this board has it, and rejects with `Rejected` when the server refused it; then
 * the prediction is gone and what was lost stands in `board.rejections` until it is dismissed. While offline it simply
 * waits.
 *
 * What was submitted can be taken back: `board.history`. Ids come from `newId()` (src/sync/ids.ts). `base_seq` (needed
 * by `describe_task`, welcome wherever text is edited) is `board.seq` at the moment the person began to edit, later the
 * `seq` of their own last saved text; edits on top of one's own unsaved edit are handled here.
 */

import type { Problem } from '../api/problem'
import type {
  Actor,
  Attachment,
  Change,
  ChecklistItem,
  Column,
  Command,
  Comment,
  Dependency,
  Label,
  Member,
  NotificationMessage,
  Project,
  Role,
  Task,
  User,
} from '../protocol/generated'
import type { Outcome, Rejection } from '../sync/outcome'
import type { Edit, History, Turn } from '../sync/undo'

export type { Actor, Change, Command, Edit, Outcome, Rejection, Turn }
export { Rejected } from '../sync/outcome'

export interface Session {
  readonly connection: ConnectionStatus
  /** Who the server says we are; null before the first welcome. */
  readonly user: User | null
  /** The board of a project, the same one while it is open. */
  open(project: string): Board
  /** Called with each notification for this user; the result ends it. */
  onNotification(listener: (notification: NotificationMessage['notification']) => void): () => void
  /** Closes all boards and the connection. */
  close(): void
}

export interface ConnectionStatus {
  /**
   * `live`: all open boards are current. `catching_up`: connecting or loading. `offline`: no connection, trying again.
   */
  readonly state: 'live' | 'catching_up' | 'offline'
  /** Changes are asked for every few seconds, since this network lets no socket through. */
  readonly polled: boolean
  /** How far the server's clock is ahead of this machine's, in milliseconds. */
  readonly skewMs: number
  /** Submits that the server has not answered yet. */
  readonly waiting: number
  /** Why no further attempt is made (signed out, forbidden, too old a client), or null. */
  readonly ended: { readonly code: number; readonly reason: string } | null
}

export interface Ending {
  readonly kind: 'removed' | 'deleted'
  /** Who did it. */
  readonly by: string
}

export interface Board {
  readonly id: string
  /**
   * `gone`: deleted, or we are no longer a member. `failed`: could not be loaded so far, see `problem`; it is tried
   * again.
   */
  readonly state: 'loading' | 'ready' | 'failed' | 'gone'
  readonly problem: Problem | null
  /** How it came to be `gone` while it was open, as far as the changes tell. */
  readonly ending: Ending | null
  readonly store: Records
  /** Everybody else who is here, in a stable order. A person with two tabs is here twice. */
  readonly presence: readonly Present[]
  readonly rejections: readonly Rejection[]
  /** What was done here, to be taken back and done again. Not reactive. */
  readonly history: Pick<History, 'last' | 'undo' | 'redo' | 'forget'>
  /** The last change this board has applied. Not reactive. */
  readonly seq: number

  /** One command or several that take effect together or not at all. Rejects with `Rejected`. */
  submit(commands: Command | readonly Command[]): Promise<Outcome>
  /** Forgets a rejection, by its id. */
  dismiss(id: string): void
  /** What others see of us. Replaces the last state; sent at most ten times a second. */
  setPresence(state: PresenceState): void
  /** A task's long texts. The same object while it is open. */
  detail(task: string): Detail
  /**
   * Called with each change after it was applied, one's own too (`own`): to announce, to highlight. The result ends it.
   */
  onChange(listener: (change: Change, own: boolean) => void): () => void
  close(): void
}

/** A task's parts that are loaded when it is opened. */
export interface Detail {
  /**
   * `ready`: with a problem, the texts are those of an earlier visit. `gone`: the task was deleted; it becomes `loading`
   * again when it is restored.
   */
  readonly state: 'loading' | 'ready' | 'failed' | 'gone'
  readonly problem: Problem | null
  /** The last change that its texts have: the base of an edit of one of them. Not reactive. */
  readonly seq: number
  /** What is saved, one's own saves on their way included. Empty when there is none. */
  readonly description: string
  /** What is being written in its place and is not saved for good, or null. Outlives a reload. */
  readonly draft: string | null
  /** What somebody else wrote in the same place: nothing is saved before `choose`. */
  readonly theirs: string | null
  /** Oldest first. */
  readonly comments: readonly Comment[]
  /** In their order. */
  readonly checklist: readonly ChecklistItem[]
  /** Oldest first. */
  readonly attachments: readonly Attachment[]
  /** Goes on writing the description; a pause saves. */
  write(text: string): void
  /** Saves at once what is written. */
  save(): void
  choose(choice: 'mine' | 'theirs' | 'both'): void
  /** Tries again after `failed`. */
  reload(): void
  /** Keeps it open until the result is called, and until what was written is saved. */
  look(): () => void
}

/** The records of a board, predictions included. Ids that name nothing give undefined. */
export interface Records {
  readonly project: Project | undefined
  /** Our own member record, and what we may do. */
  readonly me: Member | undefined
  readonly role: Role | null
  /** In their order. */
  readonly columns: readonly Column[]
  column(id: string): Column | undefined
  /** A column's unarchived tasks in their order: a new array only when one came, went or moved. */
  taskIds(column: string): readonly string[]
  /** A task that the server has not confirmed yet has the number 0. */
  task(id: string): Task | undefined
  /**
   * All tasks, archived ones too, in no order. Reading it depends on every task: for search and lists, not for cards.
   */
  readonly tasks: Iterable<Task>
  /** Archived tasks, the latest archived first. Depends on every task, as `tasks` does. */
  readonly archived: readonly Task[]
  /** By name. */
  readonly labels: readonly Label[]
  label(id: string): Label | undefined
  /** By name, former members (role null) too. */
  readonly members: readonly Member[]
  member(id: string): Member | undefined
  /** What the task waits for, and what waits for it. */
  dependenciesOf(task: string): readonly Dependency[]
  dependentsOf(task: string): readonly Dependency[]
}

export interface PresenceState {
  /** The task that is open or selected. */
  task?: string
  /** The field that is edited. */
  field?: string
  typing?: boolean
  /** The task that is dragged. */
  dragging?: string
  /** Where it would land: in a column, after a task or at the top, and in which lane where its board has some. */
  over?: string
  lane?: string
  after?: string
}

export interface Present {
  readonly session: string
  readonly user: User
  readonly client: string | null
  readonly state: PresenceState
}
