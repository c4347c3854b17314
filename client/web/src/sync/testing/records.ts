/** Records, snapshots and changes for tests: everything has a value, say what matters. */

import type {
  Change,
  ChecklistItem,
  Column,
  Comment,
  Dependency,
  JobNotification,
  Label,
  Member,
  Op,
  Snapshot,
  Task,
} from '../../protocol/generated'
import type { TaskDetail } from '../../api/http'

export const PROJECT = 'p1'
export const EPOCH = 'e1'
export const ME = 'u1'
export const AT = '2026-05-12T09:30:00Z'

export function column(id: string, rank: string, more: Partial<Column> = {}): Column {
  return { id, name: id, rank, category: 'todo', wip_limit: null, ...more }
}

export function label(id: string, more: Partial<Label> = {}): Label {
  return { id, name: id, color: 'red', ...more }
}

export function member(id: string, more: Partial<Member> = {}): Member {
  return { id, user_id: id, name: id, role: 'editor', kind: 'person', ...more }
}

export function task(id: string, column_id: string, rank: string, more: Partial<Task> = {}): Task {
  return {
    id,
    number: 1,
    column_id,
    rank,
    title: id,
    priority: 5,
    label_ids: [],
    assignee_ids: [],
    start_at: null,
    due_at: null,
    completed_at: null,
    archived_at: null,
    created_at: AT,
    created_by: ME,
    updated_at: AT,
    comment_count: 0,
    checklist_total: 0,
    checklist_done: 0,
    has_description: false,
    attachment_count: 0,
    ...more,
  }
}

export function dependency(id: string, task_id: string, depends_on_id: string): Dependency {
  return { id, task_id, depends_on_id }
}

export function comment(id: string, task_id: string, more: Partial<Comment> = {}): Comment {
  return { id, task_id, author_id: ME, text: id, created_at: AT, edited_at: null, ...more }
}

export function item(id: string, task_id: string, rank: string, more: Partial<ChecklistItem> = {}): ChecklistItem {
  return { id, task_id, rank, text: id, done: false, ...more }
}

/** Two columns, To do with t1 and t2, Done with t3; two labels; two members. */
export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    epoch: EPOCH,
    seq: 10,
    project: {
      id: PROJECT,
      name: 'Project',
      description: '',
      background: null,
      workspace_id: null,
      visibility: 'private',
    },
    members: [member(ME, { role: 'admin' }), member('u2')],
    columns: [column('todo', 'a0'), column('done', 'a1', { category: 'completed' })],
    labels: [label('l1'), label('l2')],
    tasks: [task('t1', 'todo', 'a0'), task('t2', 'todo', 'a1'), task('t3', 'done', 'a0', { completed_at: AT })],
    dependencies: [],
    ...more,
  }
}

export function change(seq: number, ops: readonly Op[], id = `c${seq}`): Change {
  const actor = { id: 'u2', name: 'Ann', kind: 'person' as const }
  return { type: 'change', project: PROJECT, seq, id, actor, at: AT, kind: 'update_task', ops }
}

export function titled(seq: number, task: string, title: string, id?: string): Change {
  return change(seq, [{ op: 'patch', kind: 'task', id: task, fields: { title } }], id)
}

export function detail(of: Task, seq: number, more: Partial<TaskDetail> = {}): TaskDetail {
  return {
    epoch: EPOCH,
    seq,
    task: of,
    description: null,
    comments: [],
    checklist_items: [],
    attachments: [],
    dependencies: [],
    ...more,
  }
}

/** What its owner hears of a job that goes on. */
export const JOB_NEWS: JobNotification = {
  kind: 'job',
  job: {
    id: '0190a3b0-0000-7000-8000-0000000000a1',
    project_id: '0190a3b0-0000-7000-8000-0000000000a2',
    owner_id: '0190a3b0-0000-7000-8000-0000000000a3',
    kind: 'import',
    status: 'processing',
    progress: { done: 1, total: 2 },
    result: null,
    problem: null,
    created_at: '2026-05-12T09:30:00Z',
    started_at: '2026-05-12T09:30:01Z',
    finished_at: null,
  },
}
