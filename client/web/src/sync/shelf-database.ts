/** The shelf in IndexedDB. */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Snapshot } from '../protocol/generated'
import type { Pending } from './replica'
import type { Shelf } from './shelf'
import { SOLE_TAB, type Tabs } from './tabs'
import type { Texts } from './texts'

/** `tab` sends it; absent in what was kept before tabs were told apart. */
type Row = Pending & { user: string; project: string; tab?: string }

interface Schema extends DBSchema {
  pending: {
    key: string
    value: Row
    indexes: { owner: [user: string, project: string] }
  }
  board: {
    key: [user: string, project: string]
    /** `snapshot` is JSON, which a page reads and writes several times as fast as it copies ten thousand records. */
    value: { user: string; project: string; kept: number; snapshot: string }
    indexes: { kept: [user: string, kept: number] }
  }
  texts: {
    key: [user: string, project: string, task: string]
    value: Texts & { user: string; project: string }
  }
}

type Database = IDBPDatabase<Schema>

const VERSION = 5
/** Boards kept for one user; those that were kept longest ago go first. */
export const BOARDS_MAX = 20
/** A database that is blocked or broken must not keep a board from opening. */
const READ_MS = 2_000

/**
 * A shelf in IndexedDB, one user's. What it cannot write (a private window, a full disk) lives as long as the page, as
 * it would without a shelf; `failed` is told of that once. The ids are UUIDv7, so the key's order is the order of
 * making.
 */
export class DatabaseShelf implements Shelf {
  readonly #user: string
  readonly #database: Promise<Database>
  readonly #failed: () => void
  readonly #tabs: Tabs
  #broken = false
  #takesBoards = true
  #takesSubmits = true

  constructor(user: string, failed: () => void = () => {}, tabs = SOLE_TAB, name = 'lockstep') {
    this.#user = user
    this.#failed = failed
    this.#tabs = tabs
    // Others must see that this tab lives before they see what it writes.
    this.#database = tabs.here.then(() => opened(name))
    this.#database.catch(() => this.#fail())
  }

  // Submits

  all(project: string): Promise<readonly Pending[]> {
    return this.#read([], async (database) => {
      const kept = await database.getAllFromIndex('pending', 'owner', [this.#user, project])
      return kept.filter(({ tab = '' }) => tab === this.#tabs.id).map(pendingOf)
    })
  }

  claim(project: string): Promise<readonly Pending[]> {
    return this.#read([], async (database) => {
      const kept = await database.getAllFromIndex('pending', 'owner', [this.#user, project])
      const dead = await this.#dead(kept)
      return dead.size > 0 ? this.#adopt(database, kept, dead) : []
    })
  }

  waiting(): Promise<readonly string[]> {
    return this.#read([], async (database) => {
      const kept = await database.getAllFromIndex('pending', 'owner', startingWith(this.#user))
      const ours = (await this.#dead(kept)).add(this.#tabs.id)
      return [...new Set(kept.filter(({ tab = '' }) => ours.has(tab)).map(({ project }) => project))]
    })
  }

  put(project: string, pending: Pending): void {
    const value = { ...pending, user: this.#user, project, tab: this.#tabs.id }
    if (this.#takesSubmits) void this.#write((database) => put(database, 'pending', value))
  }

  remove(id: string): void {
    void this.#write((database) => database.delete('pending', id))
  }

  unsent(): Promise<number> {
    return this.#read(0, (database) => database.countFromIndex('pending', 'owner', startingWith(this.#user)))
  }

  // Boards

  board(project: string): Promise<Snapshot | null> {
    return this.#read(null, async (database) => {
      const kept = await database.get('board', [this.#user, project])
      return kept ? (JSON.parse(kept.snapshot) as Snapshot) : null
    })
  }

  boards(): Promise<readonly Snapshot[]> {
    return this.#read([], async (database) => {
      const kept = await database.getAllFromIndex('board', 'kept', startingWith(this.#user))
      return kept.reverse().map(({ snapshot }) => JSON.parse(snapshot) as Snapshot)
    })
  }

  keep(snapshot: Snapshot): void {
    if (!this.#takesBoards) return
    const value = {
      user: this.#user,
      project: snapshot.project.id,
      kept: Date.now(),
      snapshot: JSON.stringify(snapshot),
    }
    void this.#write(async (database) => {
      await put(database, 'board', value)
      await this.#makeRoom(database)
    })
  }

  drop(project: string): void {
    void this.#write(async (database) => {
      const all = database.transaction(['board', 'texts', 'pending'], 'readwrite')
      void all.objectStore('board').delete([this.#user, project])
      void all.objectStore('texts').delete(startingWith(this.#user, project))
      const waiting = all.objectStore('pending').index('owner').iterate([this.#user, project])
      for await (const cursor of waiting) void cursor.delete()
      await all.done
    })
  }

  retain(projects: readonly string[]): void {
    void this.#write(async (database) => {
      const all = database.transaction(['board', 'texts'], 'readwrite')
      const kept = await all.objectStore('board').index('kept').getAllKeys(startingWith(this.#user))
      for (const [user, project] of kept.filter(([, project]) => !projects.includes(project))) {
        void all.objectStore('board').delete([user, project])
        void all.objectStore('texts').delete(startingWith(user, project))
      }
      await all.done
    })
  }

  texts(project: string): Promise<readonly Texts[]> {
    return this.#read([], (database) => database.getAll('texts', startingWith(this.#user, project)))
  }

  keepTexts(project: string, texts: Texts): void {
    const value = { ...texts, user: this.#user, project }
    if (this.#takesBoards) void this.#write((database) => put(database, 'texts', value))
  }

  dropTexts(project: string, task: string): void {
    void this.#write((database) => database.delete('texts', [this.#user, project, task]))
  }

  // Leaving

  forgetBoards(): Promise<void> {
    this.#takesBoards = false
    const all = startingWith(this.#user)
    return this.#write((database) => Promise.all([database.delete('board', all), database.delete('texts', all)]))
  }

  async forget(): Promise<void> {
    this.#takesSubmits = false
    await this.forgetBoards()
    await this.#write(async (database) => {
      const ids = await database.getAllKeysFromIndex('pending', 'owner', startingWith(this.#user))
      await Promise.all(ids.map((id) => database.delete('pending', id)))
    })
  }

  /** Those of the rows' tabs that live no more. */
  async #dead(rows: readonly Row[]): Promise<Set<string>> {
    const others = rows.map(({ tab = '' }) => tab).filter((tab) => tab !== this.#tabs.id)
    if (others.length === 0) return new Set()
    const alive = await this.#tabs.alive()
    return new Set(others.filter((tab) => !alive.has(tab)))
  }

  /** Several tabs may try: only one still finds a row of the dead. */
  async #adopt(database: Database, rows: readonly Row[], dead: ReadonlySet<string>): Promise<readonly Pending[]> {
    const adopted: Pending[] = []
    const { store, done } = database.transaction('pending', 'readwrite')
    for (const { id } of rows) {
      const row = await store.get(id)
      if (!row || !dead.has(row.tab ?? '')) continue
      await store.put({ ...row, tab: this.#tabs.id })
      adopted.push(pendingOf(row))
    }
    await done
    return adopted
  }

  async #makeRoom(database: Database): Promise<void> {
    const kept = await database.getAllKeysFromIndex('board', 'kept', startingWith(this.#user))
    for (const oldest of kept.slice(0, Math.max(0, kept.length - BOARDS_MAX))) await drop(database, oldest)
  }

  #read<T>(otherwise: T, work: (database: Database) => Promise<T>): Promise<T> {
    const late = new Promise<T>((resolve) => setTimeout(resolve, READ_MS, otherwise))
    return Promise.race([this.#database.then(work).catch(() => otherwise), late])
  }

  #write(work: (database: Database) => Promise<unknown>): Promise<void> {
    return this.#database.then(work).then(
      () => {},
      () => this.#fail(),
    )
  }

  #fail(): void {
    if (!this.#broken) this.#failed()
    this.#broken = true
  }
}

function pendingOf({ id, commands, at }: Row): Pending {
  return { id, commands, at }
}

/** Commits without waiting for the answer: the page may be gone before it comes, and a transaction that waits with it. */
function put<S extends 'pending' | 'board' | 'texts'>(
  database: Database,
  store: S,
  value: Schema[S]['value'],
): Promise<void> {
  const transaction = database.transaction(store, 'readwrite')
  transaction.store.put(value).catch(() => {}) // `done` tells
  transaction.commit()
  return transaction.done
}

/** A board with its texts. */
function drop(database: Database, [user, project]: [user: string, project: string]): Promise<unknown> {
  return Promise.all([database.delete('board', [user, project]), database.delete('texts', startingWith(user, project))])
}

/** All keys that begin so. */
function startingWith(...keys: readonly string[]): IDBKeyRange {
  return IDBKeyRange.bound(keys, [...keys, []])
}

/** Rejects, and never throws, where the browser refuses. */
async function opened(name: string): Promise<Database> {
  return openDB<Schema>(name, VERSION, {
    upgrade: (database, from) => {
      if (from < 1) database.createObjectStore('pending', { keyPath: 'id' }).createIndex('owner', ['user', 'project'])
      // What is kept of boards in another form is fetched again.
      for (const store of ['board', 'texts'] as const)
        if (database.objectStoreNames.contains(store)) database.deleteObjectStore(store)
      database.createObjectStore('board', { keyPath: ['user', 'project'] }).createIndex('kept', ['user', 'kept'])
      database.createObjectStore('texts', { keyPath: ['user', 'project', 'task'] })
    },
    // A later version of the client, in another tab, must not wait for this one.
    blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
  })
}
