// Printed from the server's types; do not edit. Renew it with
//   python -m server.protocol.schema typescript > client/web/src/protocol/generated.ts

export type Role = 'admin' | 'commenter' | 'editor' | 'viewer'

export type Category = 'backlog' | 'completed' | 'in_progress' | 'todo'

export type MemberKind = 'bot' | 'person'

export type Background = 'blue' | 'green' | 'orange' | 'pink' | 'purple' | 'red' | 'teal' | 'yellow'

export type Visibility = 'private' | 'workspace'

export type Kind =
  | 'attachment'
  | 'checklist_item'
  | 'column'
  | 'comment'
  | 'dependency'
  | 'description'
  | 'label'
  | 'member'
  | 'project'
  | 'task'

export type ActorKind = 'bot' | 'person' | 'rule' | 'system'

export type Place = 'bottom' | 'top' | Anchor

export type ImportedRecord =
  | ImportedMember
  | ImportedColumn
  | ImportedLabel
  | ImportedTask
  | ImportedDescription
  | ImportedComment
  | ImportedChecklistItem
  | ImportedDependency

export type Command =
  | CreateTask
  | UpdateTask
  | MoveTask
  | DescribeTask
  | ArchiveTask
  | UnarchiveTask
  | DeleteTask
  | RestoreTask
  | CreateColumn
  | UpdateColumn
  | MoveColumn
  | DeleteColumn
  | RestoreColumn
  | CreateLabel
  | UpdateLabel
  | DeleteLabel
  | RestoreLabel
  | AddComment
  | EditComment
  | DeleteComment
  | RestoreComment
  | AddChecklistItem
  | UpdateChecklistItem
  | MoveChecklistItem
  | DeleteChecklistItem
  | RestoreChecklistItem
  | DeleteAttachment
  | RestoreAttachment
  | AddDependency
  | RemoveDependency
  | UpdateProject
  | AddMember
  | SetMemberRole
  | RemoveMember
  | ImportRecords

export type Op = Put | Patch | Remove

export type Up =
  | HelloMessage
  | AuthMessage
  | JoinMessage
  | LeaveMessage
  | SubmitMessage
  | SetPresenceMessage
  | PingMessage

export type Down =
  | WelcomeMessage
  | JoinedMessage
  | Change
  | AckMessage
  | RejectMessage
  | PresenceMessage
  | StatsMessage
  | LeftMessage
  | HeadsMessage
  | NotificationMessage
  | AuthSoonMessage
  | DrainMessage
  | PongMessage
  | ErrorMessage

export interface Anchor {
  after?: string
  before?: string
}

export interface ImportedMember {
  kind: 'member'
  record: Member
}

export interface ImportedColumn {
  kind: 'column'
  record: Column
  deleted_at?: string | null
}

export interface ImportedLabel {
  kind: 'label'
  record: Label
  deleted_at?: string | null
}

export interface ImportedTask {
  kind: 'task'
  record: Task
  deleted_at?: string | null
}

export interface ImportedDescription {
  kind: 'description'
  record: Description
}

export interface ImportedComment {
  kind: 'comment'
  record: Comment
  deleted_at?: string | null
}

export interface ImportedChecklistItem {
  kind: 'checklist_item'
  record: ChecklistItem
  deleted_at?: string | null
}

export interface ImportedDependency {
  kind: 'dependency'
  record: Dependency
}

export interface CreateTask {
  type: 'create_task'
  id: string
  column_id: string
  title: string
  description?: string | null
  priority?: number | null
  start_at?: string | null
  due_at?: string | null
  label_ids?: readonly string[]
  assignee_ids?: readonly string[]
  place?: Place
}

export interface UpdateTask {
  type: 'update_task'
  id: string
  title?: string
  priority?: number | null
  start_at?: string | null
  due_at?: string | null
  labels?: SetEdit
  assignees?: SetEdit
  base_seq?: number | null
}

export interface MoveTask {
  type: 'move_task'
  id: string
  column_id: string
  place: Place
  base_seq?: number | null
}

export interface DescribeTask {
  type: 'describe_task'
  id: string
  text: string
  base_seq: number
}

export interface ArchiveTask {
  type: 'archive_task'
  id: string
}

export interface UnarchiveTask {
  type: 'unarchive_task'
  id: string
}

export interface DeleteTask {
  type: 'delete_task'
  id: string
}

export interface RestoreTask {
  type: 'restore_task'
  id: string
}

export interface CreateColumn {
  type: 'create_column'
  id: string
  name: string
  category?: Category
  wip_limit?: number | null
  place?: Place
}

export interface UpdateColumn {
  type: 'update_column'
  id: string
  name?: string
  category?: Category
  wip_limit?: number | null
  base_seq?: number | null
}

export interface MoveColumn {
  type: 'move_column'
  id: string
  place: Place
  base_seq?: number | null
}

export interface DeleteColumn {
  type: 'delete_column'
  id: string
  move_to?: string | null
}

export interface RestoreColumn {
  type: 'restore_column'
  id: string
}

export interface CreateLabel {
  type: 'create_label'
  id: string
  name: string
  color: string
}

export interface UpdateLabel {
  type: 'update_label'
  id: string
  name?: string
  color?: string
  base_seq?: number | null
}

export interface DeleteLabel {
  type: 'delete_label'
  id: string
}

export interface RestoreLabel {
  type: 'restore_label'
  id: string
}

export interface AddComment {
  type: 'add_comment'
  id: string
  task_id: string
  text: string
}

export interface EditComment {
  type: 'edit_comment'
  id: string
  text: string
  base_seq?: number | null
}

export interface DeleteComment {
  type: 'delete_comment'
  id: string
}

export interface RestoreComment {
  type: 'restore_comment'
  id: string
}

export interface AddChecklistItem {
  type: 'add_checklist_item'
  id: string
  task_id: string
  text: string
  place?: Place
}

export interface UpdateChecklistItem {
  type: 'update_checklist_item'
  id: string
  text?: string
  done?: boolean
  base_seq?: number | null
}

export interface MoveChecklistItem {
  type: 'move_checklist_item'
  id: string
  place: Place
}

export interface DeleteChecklistItem {
  type: 'delete_checklist_item'
  id: string
}

export interface RestoreChecklistItem {
  type: 'restore_checklist_item'
  id: string
}

export interface DeleteAttachment {
  type: 'delete_attachment'
  id: string
}

export interface RestoreAttachment {
  type: 'restore_attachment'
  id: string
}

export interface AddDependency {
  type: 'add_dependency'
  id: string
  task_id: string
  depends_on_id: string
}

export interface RemoveDependency {
  type: 'remove_dependency'
  id: string
}

export interface UpdateProject {
  type: 'update_project'
  name?: string
  description?: string
  background?: Background | null
  visibility?: Visibility
  base_seq?: number | null
}

export interface AddMember {
  type: 'add_member'
  role: Role
  user_id?: string | null
  email?: string | null
}

export interface SetMemberRole {
  type: 'set_member_role'
  id: string
  role: Role
}

export interface RemoveMember {
  type: 'remove_member'
  id: string
}

export interface ImportRecords {
  type: 'import_records'
  import_id: string
  records: readonly ImportedRecord[]
}

export type Put = { [K in Kind]: { op: 'put'; kind: K; record: RecordOf[K] } }[Kind]

export type Patch = { [K in Kind]: { op: 'patch'; kind: K; id: string; fields: Partial<Omit<RecordOf[K], 'id'>> } }[Kind]

export interface Remove {
  op: 'remove'
  kind: Kind
  id: string
}

export interface HelloMessage {
  type: 'hello'
  protocol: number
  token?: string | null
  client?: string | null
}

export interface AuthMessage {
  type: 'auth'
  token: string
}

export interface JoinMessage {
  type: 'join'
  project: string
  since?: number | null
  epoch?: string | null
  stats?: boolean
}

export interface LeaveMessage {
  type: 'leave'
  project: string
}

export interface SubmitMessage {
  type: 'submit'
  id: string
  project: string
  commands: readonly Command[]
}

export interface SetPresenceMessage {
  type: 'presence'
  project: string
  state: Record<string, unknown>
}

export interface PingMessage {
  type: 'ping'
  at?: unknown
}

export interface WelcomeMessage {
  type: 'welcome'
  session: string
  user: User
  heartbeat_s: number
  limits: Record<string, number>
  server_time: string
  inbox_seq: number
}

export interface JoinedMessage {
  type: 'joined'
  project: string
  epoch: string
  seq: number
  mode: 'live' | 'resumed' | 'resync'
}

export interface Change {
  type: 'change'
  project: string
  seq: number
  id: string
  actor: Actor
  at: string
  kind: string
  ops: readonly Op[]
}

export interface AckMessage {
  type: 'ack'
  id: string
  project: string
  seq: number
  duplicate?: boolean
  noop?: boolean
}

export interface RejectMessage {
  type: 'reject'
  id: string
  project: string
  code: string
  message: string
  retryable: boolean
  retry_ms?: number
  errors?: readonly FieldError[]
  current?: Record<string, unknown>
}

export interface PresenceMessage {
  type: 'presence'
  project: string
  sessions: readonly PresentSession[]
  more?: number
}

export interface StatsMessage {
  type: 'stats'
  project: string
  stats: Statistics
}

export interface LeftMessage {
  type: 'left'
  project: string
  reason: 'deleted' | 'left' | 'removed'
}

export interface HeadsMessage {
  type: 'heads'
  projects: Record<string, number>
  inbox_seq: number
}

export interface NotificationMessage {
  type: 'notification'
  notification: JobNotification
}

export interface AuthSoonMessage {
  type: 'auth_soon'
  expires_at: string
}

export interface DrainMessage {
  type: 'drain'
  within_ms: number
}

export interface PongMessage {
  type: 'pong'
  at: unknown
}

export interface ErrorMessage {
  type: 'error'
  code: string
  message: string
  retry_ms?: number
  re?: string
  project?: string
  errors?: readonly FieldError[]
}

export interface Snapshot {
  epoch: string
  seq: number
  project: Project
  members: readonly Member[]
  columns: readonly Column[]
  labels: readonly Label[]
  tasks: readonly Task[]
  dependencies: readonly Dependency[]
}

export interface Project {
  id: string
  name: string
  description: string
  background: Background | null
  workspace_id: string | null
  visibility: Visibility
}

export interface Member {
  id: string
  user_id: string | null
  name: string
  role: Role | null
  kind: MemberKind
}

export interface Column {
  id: string
  name: string
  rank: string
  category: Category
  wip_limit: number | null
}

export interface Label {
  id: string
  name: string
  color: string
}

export interface Task {
  id: string
  number: number
  column_id: string
  rank: string
  title: string
  priority: number
  label_ids: readonly string[]
  assignee_ids: readonly string[]
  start_at: string | null
  due_at: string | null
  completed_at: string | null
  archived_at: string | null
  created_at: string
  created_by: string | null
  updated_at: string
  comment_count: number
  checklist_total: number
  checklist_done: number
  has_description: boolean
  attachment_count: number
}

export interface Dependency {
  id: string
  task_id: string
  depends_on_id: string
}

export interface Description {
  id: string
  text: string
}

export interface Comment {
  id: string
  task_id: string
  author_id: string | null
  text: string
  created_at: string
  edited_at: string | null
}

export interface ChecklistItem {
  id: string
  task_id: string
  rank: string
  text: string
  done: boolean
}

export interface Attachment {
  id: string
  task_id: string
  name: string
  version: number
  size: number
  media_type: string
  sha256: string
  created_at: string
  created_by: string | null
}

export interface SetEdit {
  add?: readonly string[]
  remove?: readonly string[]
}

export interface User {
  id: string
  name: string
}

export interface Actor {
  id: string
  name: string
  kind: ActorKind
}

export interface FieldError {
  pointer: string
  message: string
}

export interface PresentSession {
  session: string
  user: User
  client: string | null
  state: Record<string, unknown> | null
}

export interface Statistics {
  epoch: string
  seq: number
  total: number
  completed: number
  pending: number
  overdue: number
  archived: number
  by_status: Record<Category, number>
  by_priority: Record<string, number>
  by_assignee: readonly Share[]
  throughput: readonly Day[]
}

export interface JobNotification {
  kind: 'job'
  job: Job
}

export interface Share {
  id: string | null
  total: number
  completed: number
  overdue: number
}

export interface Day {
  day: string
  completed: number
}

export interface Job {
  id: string
  project_id: string
  owner_id: string
  kind: 'import' | 'import_preview' | 'undo_import'
  status: 'completed' | 'failed' | 'pending' | 'processing'
  progress: JobProgress
  result: Record<string, unknown> | null
  problem: JobProblem | null
  created_at: string
  started_at: string | null
  finished_at: string | null
}

export interface JobProgress {
  done: number
  total: number | null
}

export interface JobProblem {
  code: string
  detail: string
  errors: readonly FieldError[]
}

/** Every kind and its record. */
export interface RecordOf {
  project: Project
  member: Member
  column: Column
  label: Label
  task: Task
  dependency: Dependency
  description: Description
  comment: Comment
  checklist_item: ChecklistItem
  attachment: Attachment
}

/** Why a command or a request was refused. */
export type Code = 'invalid' | 'not_found' | 'forbidden' | 'conflict' | 'id_reuse' | 'blocked' | 'cycle' | 'limit' | 'rate' | 'overloaded' | 'unavailable' | 'internal'

/** Most code points of each text, and most commands of a submit. */
export const LIMITS = {
  title: 200,
  name: 100,
  description: 50000,
  comment: 20000,
  checklist_text: 1000,
  project_description: 5000,
  commands: 500,
}

export const PRIORITY_DEFAULT = 5

export const LABEL_COLORS = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink', 'gray'] as const

export const BACKGROUNDS: readonly Background[] = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink']

/** A higher role may do all that a lower one may. */
export const ROLE_ORDER: Record<Role, number> = {
  viewer: 0,
  commenter: 1,
  editor: 2,
  admin: 3,
}

/** The least role of every command. */
export const LEAST_ROLE: Record<Command['type'], Role> = {
  create_task: 'editor',
  update_task: 'editor',
  move_task: 'editor',
  describe_task: 'editor',
  archive_task: 'editor',
  unarchive_task: 'editor',
  delete_task: 'editor',
  restore_task: 'editor',
  create_column: 'editor',
  update_column: 'editor',
  move_column: 'editor',
  delete_column: 'editor',
  restore_column: 'editor',
  create_label: 'editor',
  update_label: 'editor',
  delete_label: 'editor',
  restore_label: 'editor',
  add_comment: 'commenter',
  edit_comment: 'commenter',
  delete_comment: 'commenter',
  restore_comment: 'commenter',
  add_checklist_item: 'editor',
  update_checklist_item: 'editor',
  move_checklist_item: 'editor',
  delete_checklist_item: 'editor',
  restore_checklist_item: 'editor',
  delete_attachment: 'editor',
  restore_attachment: 'editor',
  add_dependency: 'editor',
  remove_dependency: 'editor',
  update_project: 'admin',
  add_member: 'admin',
  set_member_role: 'admin',
  remove_member: 'viewer',
  import_records: 'admin',
}
