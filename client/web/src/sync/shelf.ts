/** Where unanswered submits outlive the page, so that closing a laptop loses no edit. */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Pending } from './replica'

export interface Shelf {
  /** A project's submits in the order in which they were made. */
  all(project: string): Promise<readonly Pending[]>
  put(project: string, pending: Pending): void
  remove(id: string): void
}

/** Keeps nothing: where the browser has no database. */
export const NO_SHELF: Shelf = {
  all: () => Promise.resolve([]),
  put: () => {},
  remove: () => {},
}

interface Schema extends DBSchema {
  pending: {
    key: string
    value: Pending & { user: string; project: string }
    indexes: { owner: [user: string, project: string] }
  }
}

/**
 * A shelf in IndexedDB, one user's. Writes are not awaited and may fail (a private window, a full disk): then the
 * submit lives as long as the page, as it would without a shelf. The ids are UUIDv7, so the key's order is the order of
 * making.
 */
export class DatabaseShelf implements Shelf {
  readonly #user: string
  readonly #database: Promise<IDBPDatabase<Schema>>

  constructor(user: string, name = 'lockstep') {
    this.#user = user
    this.#database = opened(name)
    this.#database.catch(() => {})
  }

  async all(project: string): Promise<readonly Pending[]> {
    try {
      const database = await this.#database
      const kept = await database.getAllFromIndex('pending', 'owner', [this.#user, project])
      return kept.map(({ id, commands, at }) => ({ id, commands, at }))
    } catch {
      return []
    }
  }

  put(project: string, pending: Pending): void {
    const value = { ...pending, user: this.#user, project }
    this.#try((database) => database.put('pending', value))
  }

  remove(id: string): void {
    this.#try((database) => database.delete('pending', id))
  }

  #try(write: (database: IDBPDatabase<Schema>) => Promise<unknown>): void {
    this.#database.then(write).catch(() => {})
  }
}

/** Rejects, and never throws, where the browser refuses. */
async function opened(name: string): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, 1, {
    upgrade: (database) => {
      database.createObjectStore('pending', { keyPath: 'id' }).createIndex('owner', ['user', 'project'])
    },
  })
}
