/** Records grouped by a parent and kept in order, so that a change costs a search and not a sort. */

export class Sorted<R> {
  readonly #runs = new Map<string, R[]>()
  readonly #parent: (record: R) => string
  readonly #compare: (a: R, b: R) => number

  /** `compare` must tell any two records apart. */
  constructor(parent: (record: R) => string, compare: (a: R, b: R) => number) {
    this.#parent = parent
    this.#compare = compare
  }

  /** A parent's records in order; changes with the next write. */
  of(parent: string): readonly R[] {
    return this.#runs.get(parent) ?? []
  }

  add(record: R): void {
    const parent = this.#parent(record)
    const run = this.#runs.get(parent)
    if (run) run.splice(this.#position(run, record), 0, record)
    else this.#runs.set(parent, [record])
  }

  drop(record: R): void {
    const parent = this.#parent(record)
    const run = this.#runs.get(parent) ?? []
    run.splice(this.#position(run, record), 1)
    if (run.length === 0) this.#runs.delete(parent)
  }

  /** Replaces everything. */
  load(records: Iterable<R>): void {
    this.#runs.clear()
    for (const record of records) {
      const run = this.#runs.get(this.#parent(record))
      if (run) run.push(record)
      else this.#runs.set(this.#parent(record), [record])
    }
    for (const run of this.#runs.values()) run.sort(this.#compare)
  }

  /** Index of `record`, or where it belongs. */
  #position(run: readonly R[], record: R): number {
    let low = 0
    let high = run.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(run[middle]!, record) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
