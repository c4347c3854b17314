/** Cards that are put on a day: by a drag, by keys, and what is said of it. */

import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { tick } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import type { Task } from '../../protocol/generated'
import { t } from '../../strings'
import { announce } from '../board/announce.svelte'
import type { BoardContext } from '../board/context.svelte'
import { longWhen } from '../parts/dates.svelte'
import { focusCard } from '../shortcuts/focus'
import { onDay } from './days'

/** Null takes the date away. */
export function putOn(day: string | null, task: Task, context: BoardContext): void {
  const due_at = day === null ? null : onDay(task.due_at, day)
  if (due_at === task.due_at) return
  context.submit({ type: 'update_task', id: task.id, due_at, base_seq: context.board.seq })
  const { calendar } = t.views
  announce(due_at === null ? calendar.cleared(task.title) : calendar.put(task.title, longWhen(due_at)))
}

/** The same, and the focus stays on the card. */
export async function putAndFollow(day: string, task: Task, context: BoardContext): Promise<void> {
  putOn(day, task, context)
  await tick()
  focusCard(task.id)
}

export function schedulable(task: string): Attachment<HTMLElement> {
  return (element) => draggable({ element, getInitialData: () => ({ scheduled: task }) })
}

/** A place where cards are dropped on a day, or on none. */
export function dayTarget(day: string | null, context: BoardContext): Attachment<HTMLElement> {
  return (element) =>
    dropTargetForElements({
      element,
      canDrop: ({ source }) => 'scheduled' in source.data,
      onDragEnter: () => (element.dataset.over = ''),
      onDragLeave: () => delete element.dataset.over,
      onDrop: ({ source }) => {
        delete element.dataset.over
        const task = context.board.store.task(String(source.data.scheduled))
        if (task) putOn(day, task, context)
      },
    })
}
