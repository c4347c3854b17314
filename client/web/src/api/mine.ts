/** The open tasks that are assigned to whoever asks, over all of their projects. Not here: how they are grouped and shown. */

import type { Category, Task } from '../protocol/generated'
import type { Http } from './http'

export interface MyTask extends Task {
  readonly project_id: string
  readonly status: Category
}

export interface MyTasks {
  /** By due date, those without one last. */
  readonly items: readonly MyTask[]
  /** Whether there are more than were wanted. */
  readonly more: boolean
  /** The same as long as nothing has changed in any project. */
  readonly version: string
}

/** The server's most in one answer. */
const MOST = 1_000

/** The first `wanted` of them. What has not changed comes out of the browser's cache, by its ETag. Throws Problem. */
export async function myTasks(http: Pick<Http, 'authorised'>, wanted: number): Promise<MyTasks> {
  const items: MyTask[] = []
  const tags: string[] = []
  let cursor: string | null = null
  do {
    const limit = Math.min(MOST, wanted - items.length)
    const asked = `assignee=me&completed=false&archived=false&sort=due_at&limit=${limit}`
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const answer = await http.authorised('GET', `/v1/tasks?${asked}${after}`)
    const page = (await answer.json()) as { items: readonly MyTask[]; next: string | null }
    items.push(...page.items)
    tags.push(answer.headers.get('etag') ?? '')
    cursor = page.next
  } while (cursor !== null && items.length < wanted)
  return { items, more: cursor !== null, version: tags.join(' ') }
}

/** Throws Problem: `blocked` while it waits for others, `invalid` where no column is a completed one. */
export async function complete(http: Pick<Http, 'ask'>, { project_id, id }: MyTask): Promise<void> {
  await http.ask('PATCH', `/v1/projects/${project_id}/tasks/${id}`, { completed: true })
}

/** Back to the column where it was. Throws Problem. */
export async function reopen(http: Pick<Http, 'ask'>, { project_id, id, column_id }: MyTask): Promise<void> {
  await http.ask('PATCH', `/v1/projects/${project_id}/tasks/${id}`, { column_id })
}
