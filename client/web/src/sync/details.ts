/**
 * The long texts of one task while somebody looks at them: loaded unless they are here, loaded again when that is
 * needed, gone with the task.
 */

import { Problem } from '../api/problem'
import type { TaskDetail } from '../api/http'
import type { Replica, Step } from './replica'

/**
 * `ready`: they can be read; with a problem they are those of an earlier visit, and may be old. `gone`: the task was
 * deleted; it is loaded again when it comes back. `failed`: it could not be loaded, see the problem.
 */
export type DetailState = 'loading' | 'ready' | 'failed' | 'gone'

export interface DetailOptions {
  task: string
  replica: Replica
  fetch: (task: string) => Promise<TaskDetail>
  /** Takes up what loading changed. */
  take: (step: Step) => void
  /** Called with each new state. */
  changed: (state: DetailState, problem: Problem | null) => void
}

/** An answer may miss the replica's history (a new epoch, a lagging reader); more often than this it is no accident. */
const MISSES_MAX = 3

export class DetailSync {
  readonly #options: DetailOptions
  #state: DetailState = 'loading'
  #problem: Problem | null = null
  #fetching = false
  /** It could not be loaded; it is not tried again unasked. */
  #failed: Problem | null = null
  #closed = false
  #look: () => void = () => {}

  constructor(options: DetailOptions) {
    this.#options = options
  }

  /** `look` is called after every step, when the texts may be others. */
  watch(look: () => void): void {
    this.#look = look
  }

  /** Brings the state in line with the replica. Call after every step. */
  check(): void {
    const { replica, task } = this.#options
    if (this.#closed || replica.seq < 0) return
    const { texts, view } = replica
    if (texts.current(task)) this.#failed = null
    if (!view.get('task', task)) this.#become('gone')
    else if (texts.holds(task)) this.#become('ready', this.#failed)
    else this.#become(this.#failed ? 'failed' : 'loading', this.#failed)
    this.#look()
    // A task that is only predicted so far has no long texts on the server yet.
    if (view.fact('task', task) && !texts.current(task) && !this.#failed && !this.#fetching) void this.#load()
  }

  /** Loads what could not be loaded before. */
  retry(): void {
    if (!this.#failed) return
    this.#failed = null
    this.check()
  }

  close(): void {
    this.#closed = true
  }

  async #load(): Promise<void> {
    this.#fetching = true
    try {
      const step = await this.#fetch()
      this.#fetching = false
      if (step && !this.#closed) this.#options.take(step)
      else this.check()
    } catch (wrong) {
      this.#fetching = false
      if (!(wrong instanceof Problem)) throw wrong
      this.#failed = wrong
      this.check()
    }
  }

  /** Null when this is not wanted any more. */
  async #fetch(): Promise<Step | null> {
    const { replica, task, fetch } = this.#options
    for (let miss = 0; miss < MISSES_MAX; miss++) {
      replica.expectDetail(task)
      const detail = await fetch(task)
      if (this.#closed || !replica.view.fact('task', task)) return null
      const step = replica.loadDetail(detail)
      if (step) return step
    }
    throw new Problem(0, 'resync', 'the task changes faster than it can be read')
  }

  #become(state: DetailState, problem: Problem | null = null): void {
    if (this.#closed || (this.#state === state && this.#problem === problem)) return
    this.#state = state
    this.#problem = problem
    this.#options.changed(state, problem)
  }
}
