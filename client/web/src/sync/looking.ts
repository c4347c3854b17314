/**
 * The tasks whose long texts somebody looks at, and those looked at lately: they are held on, so that they are there at
 * once the next time, and without a network. Not here: how one task's are loaded (details.ts).
 */

import { DetailSync, type DetailOptions } from './details'

/** Tasks whose texts are held on after somebody has looked at them; the one looked at longest ago goes first. */
export const HELD_MAX = 30

export class Looking {
  readonly #options: Omit<DetailOptions, 'task' | 'changed'>
  readonly #details = new Map<string, DetailSync>()

  constructor(options: Omit<DetailOptions, 'task' | 'changed'>) {
    this.#options = options
  }

  open(task: string, changed: DetailOptions['changed']): DetailSync {
    const detail = new DetailSync({ ...this.#options, task, changed })
    this.#details.set(task, detail)
    this.#options.replica.texts.renew(task)
    detail.check()
    return detail
  }

  close(task: string): void {
    this.#details.get(task)?.close()
    this.#details.delete(task)
    const { replica, take } = this.#options
    const left = replica.texts.tasks.filter((held) => !this.#details.has(held))
    for (const oldest of left.slice(0, -HELD_MAX)) take(replica.dropDetail(oldest))
  }

  /** Call after every step of the replica. */
  check(): void {
    for (const detail of this.#details.values()) detail.check()
  }

  retry(): void {
    for (const detail of this.#details.values()) detail.retry()
  }
}
