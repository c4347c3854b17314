/** The tasks whose long texts somebody looks at. Not here: how one task's are loaded (details.ts). */

import { DetailSync, type DetailOptions } from './details'

export class Looking {
  readonly #options: Omit<DetailOptions, 'task' | 'changed'>
  readonly #details = new Map<string, DetailSync>()

  constructor(options: Omit<DetailOptions, 'task' | 'changed'>) {
    this.#options = options
  }

  open(task: string, changed: DetailOptions['changed']): DetailSync {
    const detail = new DetailSync({ ...this.#options, task, changed })
    this.#details.set(task, detail)
    detail.check()
    return detail
  }

  close(task: string): void {
    this.#details.get(task)?.close()
    this.#details.delete(task)
  }

  /** Call after every step of the replica. */
  check(): void {
    for (const detail of this.#details.values()) detail.check()
  }

  retry(): void {
    for (const detail of this.#details.values()) detail.retry()
  }
}
