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

/** Names of what a board has, had, and never had. */
export interface World {
  /** An id nobody has used. */
  fresh(): string
  /** An id that names nothing. */
  absent(): string
  readonly labels: readonly [string, string]
  /** Tasks that may have been deleted. */
  readonly known: readonly string[]
}

let made = 0

/** The board of `snapshot()` in records.ts. */
const FIXTURE: World = {
  fresh: () => `n${++made}`,
  absent: () => 'none',
  labels: ['l1', 'l2'],
  known: ['t1', 't2', 't3'],
}

/** Any edit that the board may take as it looks to `view`. */
export function anyCommand(chance: Chance, view: View, world: World = FIXTURE): Command {
  const fresh = world.fresh()
  const [red, blue] = world.labels
  const task = () => chance.of([...view.all('task').keys()]) ?? world.absent()
  const id = task()
  const column_id = chance.of([...view.all('column').keys()])
  const place = chance.of<Place>(['top', 'bottom', { after: task() }, { before: task() }])
  const item = chance.of(view.checklist.of(id))?.id ?? world.absent()
  return chance.of<Command>([
    { type: 'create_task', id: fresh, column_id, title: fresh, place },
    { type: 'update_task', id, title: fresh },
    { type: 'update_task', id, labels: chance.of([{ add: [red] }, { remove: [red] }, { add: [blue], remove: [red] }]) },
    { type: 'move_task', id, column_id, place },
    { type: 'move_task', id, column_id, place },
    { type: 'archive_task', id },
    { type: 'unarchive_task', id },
    { type: 'delete_task', id },
    { type: 'restore_task', id: chance.of(world.known) },
    { type: 'create_column', id: fresh, name: fresh },
    { type: 'update_column', id: column_id, category: chance.of(['todo', 'completed']) },
    { type: 'move_column', id: column_id, place: chance.of(['top', 'bottom']) },
    { type: 'describe_task', id, text: fresh, base_seq: 1 },
    { type: 'add_comment', id: fresh, task_id: id, text: fresh },
    { type: 'add_checklist_item', id: fresh, task_id: id, text: fresh },
    { type: 'update_checklist_item', id: item, done: chance.next() < 0.5 },
    { type: 'delete_checklist_item', id: item },
    { type: 'add_dependency', id: fresh, task_id: id, depends_on_id: task() },
  ])
}
