/** One task's long texts as views see them. */

import type { Problem } from '../api/problem'
import type { Attachment, ChecklistItem, Comment } from '../protocol/generated'
import type { DetailState, DetailSync } from '../sync/details'
import type { Kept } from '../sync/kept'
import type { ProjectSync } from '../sync/project'
import type { Replica } from '../sync/replica'
import { Writing, type Draft } from '../sync/writing'
import type { LiveRecords } from './records.svelte'
import type { Board, Detail } from './types'

/** What a detail works with: its board, and where texts outlive a reload. */
interface Parts {
  readonly project: ProjectSync
  readonly store: LiveRecords
  readonly board: Pick<Board, 'submit' | 'dismiss'>
  readonly drafts: Kept<Draft>
}

export class LiveDetail implements Detail {
  readonly #task: string
  readonly #store: LiveRecords
  readonly #replica: Replica
  readonly #sync: DetailSync
  readonly #writing: Writing
  readonly #closed: () => void
  #state = $state.raw<DetailState>('loading')
  #problem = $state.raw<Problem | null>(null)
  #draft = $state.raw<string | null>(null)
  #theirs = $state.raw<string | null>(null)
  #lookers = 0

  constructor(task: string, { project, store, board, drafts }: Parts, closed: () => void) {
    this.#task = task
    this.#store = store
    this.#replica = project.replica
    this.#closed = closed
    this.#sync = project.details.open(task, (state, problem) => {
      this.#state = state
      this.#problem = problem
    })
    this.#writing = new Writing({
      ...{ task, replica: project.replica, kept: drafts },
      submit: (command) => board.submit(command),
      dismiss: (rejection) => board.dismiss(rejection),
      changed: () => this.#written(),
    })
    this.#draft = this.#writing.mine
    this.#sync.watch(() => this.#writing.observe())
    this.#writing.observe()
  }

  get state(): DetailState {
    return this.#state
  }

  get problem(): Problem | null {
    return this.#problem
  }

  get seq(): number {
    return this.#replica.texts.seqOf(this.#task, this.#replica.seq)
  }

  get description(): string {
    return this.#store.description(this.#task)
  }

  get draft(): string | null {
    return this.#draft
  }

  get theirs(): string | null {
    return this.#theirs
  }

  get comments(): readonly Comment[] {
    return this.#store.comments(this.#task)
  }

  get checklist(): readonly ChecklistItem[] {
    return this.#store.checklist(this.#task)
  }

  get attachments(): readonly Attachment[] {
    return this.#store.attachments(this.#task)
  }

  reload(): void {
    this.#sync.retry()
  }

  write(text: string): void {
    this.#writing.write(text)
  }

  save(): void {
    this.#writing.save()
  }

  choose(choice: 'mine' | 'theirs' | 'both'): void {
    this.#writing.choose(choice)
  }

  look(): () => void {
    this.#lookers++
    return () => {
      this.#lookers--
      this.#writing.save()
      this.#leave()
    }
  }

  #written(): void {
    this.#draft = this.#writing.mine
    this.#theirs = this.#writing.theirs
    this.#leave()
  }

  /** A text that is still on its way may have to be merged, so it keeps this open. */
  #leave(): void {
    if (this.#lookers === 0 && this.#writing.settled) this.#closed()
  }
}
