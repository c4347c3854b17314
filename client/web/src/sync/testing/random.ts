/** Chance that a seed repeats, and commands that make sense on a board. */

import type { Command, Place } from '../../protocol/generated'
import type { View } from '../view'

export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** Mulberry32: uniform in [0, 1). */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }
}

let made = 0

/** Any edit that the board may take as it looks to `view`. */
export function anyCommand(chance: Chance, view: View): Command {
  const tasks = [...view.all('task').keys()]
  const columns = [...view.all('column').keys()]
  const fresh = `n${++made}`
  const id = chance.of(tasks) ?? 'none'
  const column_id = chance.of(columns)!
  const place: Place = chance.of([
    'top',
    'bottom',
    { after: chance.of(tasks) ?? 'none' },
    { before: chance.of(tasks) ?? 'none' },
  ] as const)
  const item = chance.of(view.checklist.of(id))?.id ?? 'none'
  return chance.of<Command>([
    { type: 'create_task', id: fresh, column_id, title: fresh, place },
    { type: 'update_task', id, title: fresh },
    {
      type: 'update_task',
      id,
      labels: chance.of([{ add: ['l1'] }, { remove: ['l1'] }, { add: ['l2'], remove: ['l1'] }]),
    },
    { type: 'move_task', id, column_id, place },
    { type: 'move_task', id, column_id, place },
    { type: 'archive_task', id },
    { type: 'unarchive_task', id },
    { type: 'delete_task', id },
    { type: 'restore_task', id: chance.of(['t1', 't2', 't3']) },
    { type: 'create_column', id: fresh, name: fresh },
    { type: 'update_column', id: column_id, category: chance.of(['todo', 'completed']) },
    { type: 'move_column', id: column_id, place: chance.of(['top', 'bottom']) },
    { type: 'describe_task', id, text: fresh, base_seq: 1 },
    { type: 'add_comment', id: fresh, task_id: id, text: fresh },
    { type: 'add_checklist_item', id: fresh, task_id: id, text: fresh },
    { type: 'update_checklist_item', id: item, done: chance.next() < 0.5 },
    { type: 'delete_checklist_item', id: item },
    { type: 'add_dependency', id: fresh, task_id: id, depends_on_id: chance.of(tasks) ?? 'none' },
  ])
}
