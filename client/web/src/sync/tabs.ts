/**
 * The tabs of this browser that show this client, so that what one leaves unsent is taken up by one other and never
 * sent by two. A tab lives as long as it holds the lock of its name, which the browser takes from it however it ends.
 */

import { newId } from './ids'

export interface Tabs {
  /** This tab's name. */
  readonly id: string
  /** Resolves when others can see that this tab lives. */
  readonly here: Promise<void>
  /** The names of all tabs that live. */
  alive(): Promise<ReadonlySet<string>>
  /** Called whenever another tab has ended. */
  onGone(listener: () => void, signal: AbortSignal): void
}

/** Where the browser has no locks: nobody else is known, everybody takes up everything, and ids make that harmless. */
export const SOLE_TAB: Tabs = {
  id: '',
  here: Promise.resolve(),
  alive: () => Promise.resolve(new Set<string>()),
  onGone: () => {},
}

const PREFIX = 'lockstep-tab-'

/** The owner holds its lock alone, for ever; those who wait for its end ask to share it. */
export class LockTabs implements Tabs {
  readonly id = newId()
  readonly here: Promise<void>
  readonly #locks: LockManager
  readonly #known = new Set<string>([this.id])
  readonly #listeners = new Set<() => void>()

  /** `channel` reaches all other tabs. */
  constructor(locks: LockManager, channel: BroadcastChannel) {
    this.#locks = locks
    this.here = new Promise((held) => {
      void locks.request(PREFIX + this.id, () => {
        held()
        return new Promise(() => {})
      })
    })
    channel.onmessage = ({ data }) => this.#await(String(data))
    void this.here.then(async () => {
      channel.postMessage(this.id)
      for (const id of await this.alive()) this.#await(id)
    })
  }

  async alive(): Promise<ReadonlySet<string>> {
    const { held = [] } = await this.#locks.query()
    const owned = held.filter(({ mode, name }) => mode === 'exclusive' && name?.startsWith(PREFIX))
    return new Set(owned.map(({ name }) => name!.slice(PREFIX.length)))
  }

  onGone(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener)
    signal.addEventListener('abort', () => this.#listeners.delete(listener))
  }

  #await(id: string): void {
    if (this.#known.has(id)) return
    this.#known.add(id)
    const gone = () => this.#listeners.forEach((listener) => listener())
    void this.#locks.request(PREFIX + id, { mode: 'shared' }, gone)
  }
}

export function tabsOf({ locks }: { locks?: LockManager }): Tabs {
  return locks ? new LockTabs(locks, new BroadcastChannel('lockstep-tabs')) : SOLE_TAB
}
