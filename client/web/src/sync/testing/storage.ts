/** A tab's storage without a browser. */

export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>()
  /** Longer values do not fit. */
  most = Infinity

  get length(): number {
    return this.#items.size
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    if (value.length > this.most) throw new DOMException('full', 'QuotaExceededError')
    this.#items.set(key, value)
  }

  removeItem(key: string): void {
    this.#items.delete(key)
  }

  clear(): void {
    this.#items.clear()
  }
}
