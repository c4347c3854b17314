/** Cards that are put on other days: by a drag, by keys, by a menu, and what is said of it. */

import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { tick } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import type { Task } from '../../protocol/generated'
import { t } from '../../strings'
import { announce } from '../board/announce.svelte'
import type { BoardContext } from '../board/context.svelte'
import { dayOf, longWhen, startOf } from '../parts/dates.svelte'
import { focusCard } from '../shortcuts/focus'
import { daysBetween, endedOn, movedBy, onDay, shifted, type When } from './days'

/** Takes the dates of a card along by so many days; one without gets a due date, counted from `today`. */
export function move(task: Task, by: number, today: string, context: BoardContext): void {
  if (task.due_at === null) put(task, { start_at: task.start_at, due_at: onDay(null, today) }, context)
  else put(task, movedBy(task, by), context)
}

/** Puts what was held by one of its days, or by none, on another; null takes the due date away. */
export function putOn(day: string | null, task: Task, held: string | null, context: BoardContext): void {
  const { start_at } = task
  if (day === null) put(task, { start_at, due_at: null }, context)
  else if (task.due_at === null) put(task, { start_at, due_at: onDay(null, day) }, context)
  else put(task, movedBy(task, daysBetween(held ?? dayOf(startOf(task.due_at)), day)), context)
}

/** It is due on another day, and starts when it did. */
export function endOn(day: string, task: Task, context: BoardContext): void {
  put(task, { start_at: task.start_at, due_at: endedOn(task, day) }, context)
}

/** It ends so many days later or earlier. */
export function endBy(by: number, task: Task, context: BoardContext): void {
  if (task.due_at !== null) endOn(shifted(dayOf(startOf(task.due_at)), by), task, context)
}

/** Where the focus was on the card, it stays there. */
export async function follow(task: Task): Promise<void> {
  await tick()
  focusCard(task.id)
}

function put(task: Task, when: When, context: BoardContext): void {
  const { start_at, due_at } = when
  const fields = { ...(start_at !== task.start_at && { start_at }), ...(due_at !== task.due_at && { due_at }) }
  if (Object.keys(fields).length === 0) return
  context.submit({ type: 'update_task', id: task.id, ...fields, base_seq: context.board.seq })
  announce(wordsOf(task.title, when))
}

function wordsOf(title: string, { start_at, due_at }: When): string {
  const { calendar } = t.views
  if (due_at === null) return calendar.cleared(title)
  const spans = start_at !== null && dayOf(startOf(start_at)) < dayOf(startOf(due_at))
  return spans ? calendar.goes(title, longWhen(start_at), longWhen(due_at)) : calendar.put(title, longWhen(due_at))
}

/** Lets a card be dragged, held by one of its days or by none. */
export function schedulable(task: string, held: string | null): Attachment<HTMLElement> {
  return (element) => draggable({ element, getInitialData: () => ({ scheduled: task, held }) })
}

/** Lets the end of a card be dragged. */
export function endable(task: string): Attachment<HTMLElement> {
  return (element) => draggable({ element, getInitialData: () => ({ scheduled: task, end: true }) })
}

/** A place where cards are dropped on a day, or on none. */
export function dayTarget(day: string | null, context: BoardContext): Attachment<HTMLElement> {
  return (element) =>
    dropTargetForElements({
      element,
      canDrop: ({ source }) => 'scheduled' in source.data && (day !== null || !('end' in source.data)),
      onDragEnter: () => (element.dataset.over = ''),
      onDragLeave: () => delete element.dataset.over,
      onDrop: ({ source: { data } }) => {
        delete element.dataset.over
        const task = context.board.store.task(String(data.scheduled))
        if (!task) return
        if (day !== null && data.end) endOn(day, task, context)
        else putOn(day, task, data.held === null ? null : String(data.held), context)
      },
    })
}
