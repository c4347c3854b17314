/** A card made after the example of another: everything but its comments and what it waits for. */

import type { Command, Task } from '../../protocol/generated'
import type { Detail } from '../../store/types'
import { t } from '../../strings'
import { newId } from '../../sync/ids'
import { say } from '../parts/toasts.svelte'
import type { BoardContext } from './context.svelte'

/** The long texts may have to be fetched first; without a network the copy goes without them, and says so. */
const PATIENCE_MS = 3_000

/** Resolves with the copy's id once it stands below the original. */
export async function copyTask(context: BoardContext, task: Task): Promise<string> {
  const detail = context.board.detail(task.id)
  const leave = detail.look()
  await settled(detail)
  const id = newId()
  const items = detail.checklist.map(({ text }): Command => ({
    type: 'add_checklist_item',
    id: newId(),
    task_id: id,
    text,
    place: 'bottom',
  }))
  context.submit([copyOf(task, id, detail.description), ...items])
  say(detail.state === 'ready' ? t.onBoard.copied(task.title) : t.onBoard.copiedFace(task.title))
  leave()
  return id
}

function copyOf(task: Task, id: string, description: string): Command {
  const { column_id, title, priority, start_at, due_at, label_ids, assignee_ids } = task
  const fields = { column_id, title, priority, start_at, due_at, label_ids, assignee_ids, place: { after: task.id } }
  return { type: 'create_task', id, ...fields, ...(description && { description }) }
}

function settled(detail: Detail): Promise<void> {
  return new Promise((resolve) => {
    const stop = $effect.root(() => {
      $effect(() => {
        if (detail.state !== 'loading') end()
      })
    })
    const timer = setTimeout(() => end(), PATIENCE_MS)
    function end() {
      clearTimeout(timer)
      resolve()
      queueMicrotask(() => stop())
    }
  })
}
