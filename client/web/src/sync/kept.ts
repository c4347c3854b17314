/**
 * Texts that no server has: they outlive a reload of this tab, until they are saved or given up. In the tab's own
 * storage, so that tabs do not mix them up and nothing of them stays on the device.
 */

export class Kept<T> {
  readonly #prefix: string
  readonly #storage: Storage | undefined

  /** `owner` tells whose they are and what of. */
  constructor(owner: string, storage: Storage | undefined = globalThis.sessionStorage) {
    this.#prefix = `lockstep ${owner} `
    this.#storage = storage
  }

  /** In no order. */
  all(): readonly T[] {
    return this.#keys()
      .map((key) => this.get(key.slice(this.#prefix.length)))
      .filter((value) => value !== null)
  }

  get(id: string): T | null {
    const kept = this.#storage?.getItem(this.#prefix + id)
    return kept ? (JSON.parse(kept) as T) : null
  }

  /** What does not fit is as safe as the page is. */
  put(id: string, value: T): void {
    try {
      this.#storage?.setItem(this.#prefix + id, JSON.stringify(value))
    } catch {
      this.remove(id)
    }
  }

  remove(id: string): void {
    this.#storage?.removeItem(this.#prefix + id)
  }

  /** Nothing of this owner stays. */
  clear(): void {
    for (const key of this.#keys()) this.#storage?.removeItem(key)
  }

  #keys(): readonly string[] {
    const keys = Array.from({ length: this.#storage?.length ?? 0 }, (_, i) => this.#storage?.key(i) ?? '')
    return keys.filter((key) => key.startsWith(this.#prefix))
  }
}
