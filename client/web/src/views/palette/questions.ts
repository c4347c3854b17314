/** What can be answered to a question about cards: which label, who, when, how urgent, where to. */

import Calendar from '@lucide/svelte/icons/calendar'
import CalendarOff from '@lucide/svelte/icons/calendar-off'
import Columns3 from '@lucide/svelte/icons/columns-3'
import Flag from '@lucide/svelte/icons/flag'
import Plus from '@lucide/svelte/icons/plus'
import Tag from '@lucide/svelte/icons/tag'
import { LABEL_COLORS, LIMITS, type Command, type Task } from '../../protocol/generated'
import { t } from '../../strings'
import { newId } from '../../sync/ids'
import { announce } from '../board/announce.svelte'
import type { BoardContext } from '../board/context.svelte'
import { knownOn } from '../board/known'
import { fold } from '../filter/filter'
import { clock, dayOf, longWhen, shortWhen } from '../parts/dates.svelte'
import { hueOf } from '../parts/hue'
import { PRIORITIES, PRIORITY_VALUES, priorityName } from '../parts/priority'
import { whenIn } from '../task/when'
import type { Question } from './asked.svelte'
import type { Entry } from './entries'

/** A set that something is taken into or out of. */
type SetField = 'labels' | 'assignees'

const OFFERED_DAYS = [
  ['today', 0],
  ['tomorrow', 1],
  ['nextWeek', 7],
] as const

/** Reads the board reactively, so that what holds is shown while one goes on choosing. */
export function choicesOf(kind: Question, ids: readonly string[], context: BoardContext): readonly Entry[] {
  const { store } = context.board
  const tasks = ids.map((id) => store.task(id)).filter((task) => task !== undefined)
  switch (kind) {
    case 'labels':
      return store.labels.map(({ id, name, color }) => ({
        ...choice(id, name || t.label.colors[hueOf(color)], () => toggle('labels', id, tasks, context)),
        on: tasks.every((task) => task.label_ids.includes(id)),
        icon: Tag,
      }))
    case 'assignees':
      return store.members
        .filter(({ id, role }) => role !== null || tasks.some((task) => task.assignee_ids.includes(id)))
        .map((member) => ({
          ...choice(member.id, member.name, () => toggle('assignees', member.id, tasks, context)),
          on: tasks.every((task) => task.assignee_ids.includes(member.id)),
          member,
        }))
    case 'priority':
      return PRIORITIES.map((name) => ({
        ...choice(name, t.priority.names[name], () => update(tasks, { priority: PRIORITY_VALUES[name] }, context)),
        on: tasks.every((task) => priorityName(task.priority) === name),
        icon: Flag,
      }))
    case 'due':
      return dueChoices(tasks, context)
    case 'move':
      return store.columns.map(({ id, name }) => ({
        ...choice(id, name, () => move(tasks, id, context)),
        on: tasks.every((task) => task.column_id === id),
        icon: Columns3,
      }))
  }
}

/** What is not there yet but can be made of what was typed. */
export function madeOf(kind: Question, typed: string, ids: readonly string[], context: BoardContext): readonly Entry[] {
  if (kind === 'due') return dueIn(typed, ids, context)
  const name = typed.trim()
  if (kind !== 'labels' || !name || name.length > LIMITS.name || !context.may('create_label')) return []
  const { store } = context.board
  if (store.labels.some((label) => fold(label.name) === fold(name))) return []
  return [{ ...choice('new', t.label.create(name), () => createLabel(name, ids, context)), icon: Plus }]
}

/** Of whom or what it is asked. */
export function aboutOf(ids: readonly string[], { board }: BoardContext): string {
  const title = board.store.task(ids[0] ?? '')?.title ?? ''
  return ids.length === 1 ? title : t.views.palette.cards(ids.length)
}

function choice(id: string, name: string, run: () => boolean | void): Entry {
  return { id: `choice ${id}`, kind: 'choice', name, run }
}

function dueChoices(tasks: readonly Task[], context: BoardContext): readonly Entry[] {
  const days = OFFERED_DAYS.map(([word, days]) => {
    const date = new Date(clock())
    date.setDate(date.getDate() + days)
    const day = dayOf(date)
    return {
      ...choice(word, t.due[word], () => update(tasks, { due_at: day }, context)),
      on: tasks.every(({ due_at }) => due_at === day),
      hint: shortWhen(day),
      icon: Calendar,
    }
  })
  const none = {
    ...choice('none', t.views.filter.dues.none, () => update(tasks, { due_at: null }, context)),
    on: tasks.every(({ due_at }) => due_at === null),
    icon: CalendarOff,
  }
  return [...days, none]
}

/** A day or a time as one says it: `fri 14:00`. */
function dueIn(typed: string, ids: readonly string[], context: BoardContext): readonly Entry[] {
  const { store } = context.board
  const due_at = typed.trim() ? whenIn(typed, knownOn(store, clock())) : null
  const tasks = ids.map((id) => store.task(id)).filter((task) => task !== undefined)
  if (due_at === null) return []
  return [{ ...choice('said', longWhen(due_at), () => update(tasks, { due_at }, context)), icon: Calendar }]
}

/** All of them get it, unless all of them have it. More may follow. */
function toggle(field: SetField, id: string, tasks: readonly Task[], context: BoardContext): true {
  const idsOf = (task: Task) => (field === 'labels' ? task.label_ids : task.assignee_ids)
  const all = tasks.every((task) => idsOf(task).includes(id))
  const concerned = all ? tasks : tasks.filter((task) => !idsOf(task).includes(id))
  const edit = all ? { remove: [id] } : { add: [id] }
  context.submit(concerned.map((task): Command => ({ type: 'update_task', id: task.id, [field]: edit })))
  return true
}

function update(
  tasks: readonly Task[],
  fields: { priority: number } | { due_at: string | null },
  context: BoardContext,
): void {
  const base_seq = context.board.seq
  context.submit(tasks.map((task): Command => ({ type: 'update_task', id: task.id, ...fields, base_seq })))
}

function move(tasks: readonly Task[], column_id: string, context: BoardContext): void {
  const moving = tasks.filter((task) => task.column_id !== column_id)
  if (moving.length === 0) return
  const last = moving.toReversed()
  context.submit(last.map((task): Command => ({ type: 'move_task', id: task.id, column_id, place: 'top' })))
  const { store } = context.board
  const count = store.taskIds(column_id).length
  announce(t.card.movedHere(moving[0]!.title, store.column(column_id)?.name ?? '', 1, count))
}

/** A new label takes the colour that the fewest have. */
function createLabel(name: string, ids: readonly string[], context: BoardContext): true {
  const id = newId()
  const uses = (color: string) => context.board.store.labels.filter((label) => hueOf(label.color) === color).length
  const color = LABEL_COLORS.reduce((least, next) => (uses(next) < uses(least) ? next : least))
  const wear = ids.map((task): Command => ({ type: 'update_task', id: task, labels: { add: [id] } }))
  context.submit([{ type: 'create_label', id, name, color }, ...wear])
  return true
}
