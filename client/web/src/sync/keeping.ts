/**
 * When a board's facts and the long texts that are held of it are put on the shelf: a moment after they have changed,
 * and when the page may be about to go. Writing a whole board costs by its size, so a large one is written the more
 * rarely. Not here: how (shelf-database.ts).
 */

import type { Replica } from './replica'
import type { Shelf } from './shelf'
import type { Texts } from './texts'

const PAUSE_MS = 1_000
/** For each task of the board: to copy one into the database takes the page a few microseconds. */
const TASK_PAUSE_MS = 1
/** Longer texts of one task are not kept, in UTF-16 units. */
export const TEXTS_UNITS_MAX = 256 * 1024

export class Keeping {
  readonly #project: string
  readonly #replica: Replica
  readonly #shelf: Shelf
  #kept = ''
  /** Task → the version of its texts that is on the shelf. */
  readonly #texts = new Map<string, number>()
  #pause = PAUSE_MS
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(project: string, replica: Replica, shelf: Shelf) {
    this.#project = project
    this.#replica = replica
    this.#shelf = shelf
  }

  /** The facts may be others: they are kept soon. */
  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), this.#pause)
  }

  /** The texts of this task came from the shelf. */
  recalled(task: string): void {
    this.#texts.set(task, this.#replica.texts.versionOf(task))
  }

  now(): void {
    this.stop()
    const { seq, epoch } = this.#replica
    if (seq < 0) return
    const version = `${epoch} ${seq}`
    if (version !== this.#kept) this.#keepBoard()
    this.#keepTexts()
    this.#kept = version
  }

  #keepBoard(): void {
    const facts = this.#replica.facts()
    this.#shelf.keep(facts)
    this.#pause = Math.max(PAUSE_MS, facts.tasks.length * TASK_PAUSE_MS)
  }

  /** What is held is kept, what is not held any more goes; so does what is too large. */
  #keepTexts(): void {
    const { texts } = this.#replica
    for (const task of this.#texts.keys()) if (!texts.holds(task)) this.#drop(task)
    for (const task of texts.tasks) {
      const version = texts.versionOf(task)
      if (this.#texts.get(task) === version) continue
      const facts = this.#replica.textsOf(task)
      if (sizeOf(facts) > TEXTS_UNITS_MAX) this.#drop(task)
      else this.#shelf.keepTexts(this.#project, facts)
      this.#texts.set(task, version)
    }
  }

  #drop(task: string): void {
    this.#texts.delete(task)
    this.#shelf.dropTexts(this.#project, task)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

function sizeOf({ description, comments, checklist_items }: Texts): number {
  const rest = [...comments, ...checklist_items].reduce((sum, { text }) => sum + text.length, 0)
  return rest + (description?.text.length ?? 0)
}
