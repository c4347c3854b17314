/** What it takes to follow a project, and what comes of it. */

import type { TaskDetail } from '../api/http'
import type { Change, Snapshot, Up } from '../protocol/generated'
import type { Rejection } from './outcome'
import type { Shelf } from './shelf'
import type { Touch } from './view'

/** `gone`: deleted, or we are no member any more. `failed`: could not be loaded so far; it is tried again. */
export type ProjectState = 'loading' | 'ready' | 'failed' | 'gone'

export interface ProjectSource {
  snapshot(project: string): Promise<Snapshot>
  taskDetail(project: string, task: string): Promise<TaskDetail>
  /** At most `limit` after `since`, oldest first. */
  changes(project: string, since: number, limit: number, epoch?: string): Promise<{ changes: readonly Change[] }>
}

/** What happened, told at once and after the fact. */
export interface ProjectEvents {
  /** Records came, changed or went. */
  touched(touched: readonly Touch[]): void
  /** A change became fact. `own`: it was submitted here. */
  changed(change: Change, own: boolean): void
  rejected(rejection: Rejection): void
  /** `state`, `problem`, `current` or `waiting` may be another. */
  status(): void
  presence(): void
}

export interface ProjectOptions {
  id: string
  source: ProjectSource
  shelf: Shelf
  send: (message: Up) => void
  /** Our own user id, null before it is known. */
  me: () => string | null
  /** The server's time, as well as we know it. */
  now: () => Date
  random?: () => number
}
