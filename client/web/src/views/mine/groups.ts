/** One's own tasks by when they are due, as the viewer's calendar has it. */

import type { MyTask } from '../../api/mine'
import { clock, dayOf, isOverdue, startOf } from '../parts/dates.svelte'

export const GROUPS = ['overdue', 'today', 'week', 'later', 'undated'] as const

export type Group = (typeof GROUPS)[number]

export interface Grouped {
  readonly group: Group
  readonly tasks: readonly MyTask[]
}

/** Those groups that hold anything, each by due date; what is due at the same time stays as it comes. */
export function grouped(tasks: readonly MyTask[]): readonly Grouped[] {
  const groups = new Map<Group, MyTask[]>(GROUPS.map((group) => [group, []]))
  for (const task of tasks) groups.get(groupOf(task.due_at))!.push(task)
  return [...groups]
    .filter(([, tasks]) => tasks.length > 0)
    .map(([group, tasks]) => ({ group, tasks: tasks.toSorted((a, b) => dueOf(a) - dueOf(b)) }))
}

/** The seven days after today are the week. */
export function groupOf(due: string | null): Group {
  if (due === null) return 'undated'
  if (isOverdue(due)) return 'overdue'
  const day = dayOf(startOf(due))
  if (day === dayIn(0)) return 'today'
  return day <= dayIn(7) ? 'week' : 'later'
}

function dayIn(days: number): string {
  const date = new Date(clock())
  date.setDate(date.getDate() + days)
  return dayOf(date)
}

function dueOf({ due_at }: MyTask): number {
  return due_at === null ? 0 : startOf(due_at).getTime()
}
