/** One task's long texts as views see them. */

import type { Problem } from '../api/problem'
import type { ChecklistItem, Comment } from '../protocol/generated'
import type { DetailState, DetailSync } from '../sync/details'
import type { ProjectSync } from '../sync/project'
import type { LiveRecords } from './records.svelte'
import type { Detail } from './types'

export class LiveDetail implements Detail {
  readonly #task: string
  readonly #store: LiveRecords
  readonly #sync: DetailSync
  readonly #closed: () => void
  #state = $state.raw<DetailState>('loading')
  #problem = $state.raw<Problem | null>(null)

  constructor(task: string, project: ProjectSync, store: LiveRecords, closed: () => void) {
    this.#task = task
    this.#store = store
    this.#closed = closed
    this.#sync = project.details.open(task, (state, problem) => {
      this.#state = state
      this.#problem = problem
    })
  }

  get state(): DetailState {
    return this.#state
  }

  get problem(): Problem | null {
    return this.#problem
  }

  get description(): string {
    return this.#store.description(this.#task)
  }

  get comments(): readonly Comment[] {
    return this.#store.comments(this.#task)
  }

  get checklist(): readonly ChecklistItem[] {
    return this.#store.checklist(this.#task)
  }

  reload(): void {
    this.#sync.retry()
  }

  close(): void {
    this.#closed()
  }
}
