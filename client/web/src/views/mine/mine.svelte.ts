/**
 * One's own open tasks as the page shows them: asked for again and again while somebody looks, so that they stay
 * current without joining any board, which would show one there. Not here: their groups and rows.
 */

import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { Http, ProjectSummary } from '../../api/http'
import { complete, myTasks, reopen, type MyTask } from '../../api/mine'
import { Problem } from '../../api/problem'
import { LEAST_ROLE, ROLE_ORDER } from '../../protocol/generated'
import type { Session } from '../../store/types'
import { t } from '../../strings'
import { refusalText } from '../parts/refusals'
import { say } from '../parts/toasts.svelte'

/** What others do is seen so late at most. A server where nothing has changed answers without looking at a task. */
const PAUSE_MS = 4_000

/** So many are shown at first, and more at each asking. */
export const PAGE = 100

/** Ids are unique within their project only. */
export function keyOf({ project_id, id }: MyTask): string {
  return `${project_id} ${id}`
}

export class Mine {
  readonly #http: Http
  #tasks = $state.raw<readonly MyTask[] | null>(null)
  #boards = $state.raw<ReadonlyMap<string, ProjectSummary>>(new Map())
  #more = $state(false)
  #problem = $state.raw<Problem | null>(null)
  /** What is ticked here, until it is gone from what the server tells. */
  readonly #ticked = new SvelteSet<string>()
  /** Those of them that the server has taken. */
  readonly #taken = new Set<string>()
  /** What is being reopened: shown, though the server may still tell that it is completed. */
  readonly #returning = new SvelteMap<string, MyTask>()
  readonly #open = $derived(this.#tasks && this.#seen(this.#tasks))
  #wanted = PAGE
  #version: string | null = null
  #running: Promise<void> | null = null
  #again = false
  #notBefore = 0

  constructor(http: Http) {
    this.#http = http
  }

  /** Null before they were there for the first time. */
  get tasks(): readonly MyTask[] | null {
    return this.#open
  }

  get more(): boolean {
    return this.#more
  }

  /** Why they could not be had when they were asked for last; what was seen before stays. */
  get problem(): Problem | null {
    return this.#problem
  }

  boardOf({ project_id }: MyTask): ProjectSummary | undefined {
    return this.#boards.get(project_id)
  }

  mayTick(task: MyTask): boolean {
    const role = this.boardOf(task)?.role
    return role !== undefined && ROLE_ORDER[role] >= ROLE_ORDER[LEAST_ROLE.move_task]
  }

  showMore(): Promise<void> {
    this.#wanted += PAGE
    return this.refresh()
  }

  /** Resolves when they are as the server had them after this was called, or could not be had. */
  refresh(): Promise<void> {
    this.#again = true
    this.#running ??= this.#run()
    return this.#running
  }

  /** Keeps them current while the page is seen. Returns what stops it. */
  follow(session: Pick<Session, 'onNotification'>): () => void {
    const stopped = new AbortController()
    const { signal } = stopped
    const look = () => {
      const wanted = document.visibilityState === 'visible' && Date.now() >= this.#notBefore
      if (wanted && !this.#running) void this.refresh()
    }
    const timer = setInterval(look, PAUSE_MS)
    for (const event of ['online', 'offline', 'focus']) window.addEventListener(event, look, { signal })
    document.addEventListener('visibilitychange', look, { signal })
    const deaf = session.onNotification(look)
    look()
    return () => {
      clearInterval(timer)
      stopped.abort()
      deaf()
    }
  }

  /** Gone at once; back with the reason where it is refused. */
  async tick(task: MyTask): Promise<void> {
    const key = keyOf(task)
    if (this.#ticked.has(key)) return
    this.#ticked.add(key)
    const taken = complete(this.#http, task)
    const topic = `tick ${key}`
    const undo = { label: t.undo, run: () => void this.#untick(task, taken) }
    say(t.onBoard.completed(task.title), { topic, action: undo })
    try {
      await taken
      this.#taken.add(key)
    } catch (wrong) {
      this.#ticked.delete(key)
      say(t.views.mine.stays(task.title, reasonOf(wrong)), { topic })
    }
    await this.refresh()
  }

  async #untick(task: MyTask, taken: Promise<void>): Promise<void> {
    const key = keyOf(task)
    this.#ticked.delete(key)
    this.#taken.delete(key)
    this.#returning.set(key, task)
    try {
      await taken.catch(() => {}) // its refusal was told
      this.#taken.delete(key)
      await reopen(this.#http, task)
    } catch (wrong) {
      say(t.views.mine.staysDone(task.title, reasonOf(wrong)))
    }
    await this.refresh()
    this.#returning.delete(key)
  }

  #seen(tasks: readonly MyTask[]): readonly MyTask[] {
    const told = new Set(tasks.map(keyOf))
    const returning = [...this.#returning].filter(([key]) => !told.has(key)).map(([, task]) => task)
    return [...tasks, ...returning].filter((task) => !this.#ticked.has(keyOf(task)))
  }

  async #run(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false
        await this.#ask()
      }
    } finally {
      this.#running = null
    }
  }

  async #ask(): Promise<void> {
    const taken = [...this.#taken]
    try {
      const { items, more, version } = await myTasks(this.#http, this.#wanted)
      if (version !== this.#version) {
        const boards = await this.#http.projects()
        this.#boards = new Map(boards.map((board) => [board.id, board]))
        this.#tasks = items
        this.#more = more
        this.#version = version
      }
      this.#problem = null
      for (const key of taken) this.#forget(key)
    } catch (wrong) {
      if (!(wrong instanceof Problem)) throw wrong
      this.#problem = wrong
      this.#notBefore = Date.now() + (wrong.retryMs ?? 0)
    }
  }

  #forget(key: string): void {
    if (this.#taken.delete(key)) this.#ticked.delete(key)
  }
}

function reasonOf(wrong: unknown): string {
  return refusalText(wrong, { ...t.rejected.codes, invalid: t.views.mine.noColumn })
}
