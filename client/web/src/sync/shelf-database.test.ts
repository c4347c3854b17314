import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { describe, expect, test, vi } from 'vitest'
import { newId } from './ids'
import { NO_SHELF } from './shelf'
import { BOARDS_MAX, DatabaseShelf } from './shelf-database'
import { SOLE_TAB, type Tabs } from './tabs'
import { AT, EPOCH, comment, snapshot } from './testing/records'
import type { Texts } from './texts'

const pending = (id = newId()) => ({ id, at: AT, commands: [] })
const quiet = () => {}
const texts = (task: string, text = task): Texts => ({
  ...{ task, epoch: EPOCH, seq: 10, description: { id: task, text } },
  ...{ comments: [comment('a', task)], checklist_items: [], attachments: [] },
})

test('keeps submits of a user and project in their order, over visits', async () => {
  const [a, b, c] = [pending(), pending(), pending()]
  const first = new DatabaseShelf('u1', quiet, SOLE_TAB, 'kept')
  for (const each of [a, c, b]) first.put('p1', each)
  first.put('p2', pending())
  new DatabaseShelf('u2', quiet, SOLE_TAB, 'kept').put('p1', pending())
  await first.all('p1')
  expect(await new DatabaseShelf('u1', quiet, SOLE_TAB, 'kept').all('p1')).toEqual([a, b, c])
})

test('a later version replaces, a removal forgets', async () => {
  const shelf = new DatabaseShelf('u1', quiet, SOLE_TAB, 'changed')
  const a = pending()
  shelf.put('p1', a)
  shelf.put('p1', { ...a, at: 'later' })
  expect(await shelf.all('p1')).toEqual([{ ...a, at: 'later' }])
  shelf.remove(a.id)
  expect(await shelf.all('p1')).toEqual([])
})

test('a browser that refuses a database loses nothing but the next visit', async () => {
  const { open } = indexedDB
  indexedDB.open = () => {
    throw new Error('refused')
  }
  const failed = vi.fn()
  const shelf = new DatabaseShelf('u1', failed, SOLE_TAB, 'refused')
  shelf.put('p1', pending())
  shelf.remove('x')
  expect(await shelf.all('p1')).toEqual([])
  expect([await shelf.unsent(), await shelf.board('p1')]).toEqual([0, null])
  expect(failed).toHaveBeenCalledOnce()
  indexedDB.open = open
})

test('no shelf keeps nothing', async () => {
  NO_SHELF.put('p1', pending())
  NO_SHELF.remove('x')
  NO_SHELF.keep(snapshot())
  NO_SHELF.drop('p1')
  NO_SHELF.retain([])
  NO_SHELF.keepTexts('p1', texts('t1'))
  NO_SHELF.dropTexts('p1', 't1')
  expect(await NO_SHELF.texts('p1')).toEqual([])
  await NO_SHELF.forgetBoards()
  await NO_SHELF.forget()
  expect([await NO_SHELF.board('p1'), await NO_SHELF.boards(), await NO_SHELF.unsent()]).toEqual([null, [], 0])
  expect(await NO_SHELF.all('p1')).toEqual([])
})

const PROJECT_FIELDS = { description: '', background: null, workspace_id: null, visibility: 'private' } as const
const board = (id: string, seq = 10) => snapshot({ seq, project: { id, name: id, ...PROJECT_FIELDS } })
const boards = async (shelf: DatabaseShelf, ids: readonly string[]) =>
  (await Promise.all(ids.map((id) => shelf.board(id)))).map((each) => each?.project.id ?? null)

test('keeps the last state of a board for its user only, until it is dropped', async () => {
  const shelf = new DatabaseShelf('u1', quiet, SOLE_TAB, 'boards')
  shelf.keep(board('p1'))
  shelf.keep(board('p1', 12))
  expect(await new DatabaseShelf('u1', quiet, SOLE_TAB, 'boards').board('p1')).toEqual(board('p1', 12))
  expect(await new DatabaseShelf('u2', quiet, SOLE_TAB, 'boards').board('p1')).toBeNull()
  shelf.drop('p1')
  expect(await shelf.board('p1')).toBeNull()
})

test('of a project that is dropped nothing stays, whichever tab it waits in, and all of the others does', async () => {
  const shelf = new DatabaseShelf('u1', quiet, SOLE_TAB, 'dropped')
  const other = new DatabaseShelf('u1', quiet, { ...SOLE_TAB, id: 'other' }, 'dropped')
  for (const project of ['p1', 'p2']) {
    shelf.keep(board(project))
    shelf.keepTexts(project, texts('t1'))
    shelf.put(project, pending())
    other.put(project, pending())
  }
  expect(await other.all('p1')).toHaveLength(1)
  shelf.drop('p1')
  expect([await shelf.board('p1'), await shelf.texts('p1'), await other.all('p1')]).toEqual([null, [], []])
  expect([await boards(shelf, ['p2']), await shelf.unsent()]).toEqual([['p2'], 2])
})

test('boards of projects that one is not in any more go, what waits for them is answered by the server', async () => {
  const shelf = new DatabaseShelf('u1', quiet, SOLE_TAB, 'retained')
  for (const project of ['p1', 'p2']) shelf.keep(board(project))
  shelf.keepTexts('p1', texts('t1'))
  shelf.put('p1', pending())
  shelf.retain(['p2', 'p3'])
  expect([await boards(shelf, ['p1', 'p2']), await shelf.texts('p1')]).toEqual([[null, 'p2'], []])
  expect(await shelf.unsent()).toBe(1)
})

test('keeps the long texts of a board until they or the board are dropped, or all boards are forgotten', async () => {
  const shelf = new DatabaseShelf('u1', quiet, SOLE_TAB, 'texts')
  const kept = async (project = 'p1') => (await shelf.texts(project)).map(({ description }) => description?.text)
  for (const task of ['t1', 't2', 't3']) shelf.keepTexts('p1', texts(task))
  shelf.keepTexts('p1', texts('t1', 'newer'))
  shelf.keepTexts('p2', texts('t1', 'other'))
  shelf.dropTexts('p1', 't2')
  expect([await kept(), await kept('p2')]).toEqual([['newer', 't3'], ['other']])
  expect((await new DatabaseShelf('u1', quiet, SOLE_TAB, 'texts').texts('p1'))[1]).toMatchObject(texts('t3'))
  expect(await new DatabaseShelf('u2', quiet, SOLE_TAB, 'texts').texts('p1')).toEqual([])
  shelf.drop('p1')
  expect([await kept(), await kept('p2')]).toEqual([[], ['other']])
  await shelf.forgetBoards()
  shelf.keepTexts('p2', texts('t1'))
  expect(await kept('p2')).toEqual([])
})

test('keeps a bounded number of boards, those that were kept last', async () => {
  const shelf = new DatabaseShelf('u1', quiet, SOLE_TAB, 'bounded')
  const other = new DatabaseShelf('u2', quiet, SOLE_TAB, 'bounded')
  const now = vi.spyOn(Date, 'now')
  other.keep(board('p0'))
  const ids = Array.from({ length: BOARDS_MAX + 1 }, (_, i) => `p${i}`)
  for (const [i, id] of [...ids, 'p0'].entries()) {
    now.mockReturnValueOnce(i)
    shelf.keep(board(id))
  }
  await vi.waitFor(async () =>
    expect(await boards(shelf, ['p0', 'p1', 'p2', `p${BOARDS_MAX}`])).toEqual(['p0', null, 'p2', `p${BOARDS_MAX}`]),
  )
  expect(await boards(other, ['p0'])).toEqual(['p0'])
  expect((await shelf.boards()).slice(0, 2).map(({ project }) => project.id)).toEqual(['p0', `p${BOARDS_MAX}`])
})

test('forgetting boards leaves what was not sent; forgetting leaves nothing and takes nothing', async () => {
  const shelf = new DatabaseShelf('u1', quiet, SOLE_TAB, 'left')
  const other = new DatabaseShelf('u10', quiet, SOLE_TAB, 'left')
  for (const each of [shelf, other]) {
    each.put('p1', pending())
    each.put('p2', pending())
    each.keep(board('p1'))
  }
  expect(await shelf.unsent()).toBe(2)
  await shelf.forgetBoards()
  shelf.keep(board('p1'))
  expect([await shelf.unsent(), await shelf.board('p1')]).toEqual([2, null])
  await shelf.forget()
  shelf.put('p1', pending())
  expect([await shelf.unsent(), await shelf.all('p1')]).toEqual([0, []])
  expect([await other.unsent(), await boards(other, ['p1'])]).toEqual([2, ['p1']])
})

test('takes over what the first version left', async () => {
  const old = await openDB('upgraded', 1, {
    upgrade: (database) => {
      database.createObjectStore('pending', { keyPath: 'id' }).createIndex('owner', ['user', 'project'])
    },
  })
  const a = pending()
  await old.put('pending', { ...a, user: 'u1', project: 'p1' })
  old.close()
  expect(await new DatabaseShelf('u1', quiet, SOLE_TAB, 'upgraded').all('p1')).toEqual([a])
})

test('a full disk is told of once', async () => {
  const failed = vi.fn()
  const shelf = new DatabaseShelf('u1', failed, SOLE_TAB, 'full')
  await shelf.unsent()
  const { put } = IDBObjectStore.prototype
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  shelf.keep(board('p1'))
  shelf.put('p1', pending())
  await shelf.unsent()
  IDBObjectStore.prototype.put = put
  expect(failed).toHaveBeenCalledOnce()
})

test('a database that does not answer does not keep a board from opening', async () => {
  vi.useFakeTimers()
  const { open } = indexedDB
  indexedDB.open = () => new EventTarget() as IDBOpenDBRequest
  const shelf = new DatabaseShelf('u1', quiet, SOLE_TAB, 'silent')
  const opened = shelf.board('p1')
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await opened).toBeNull()
  indexedDB.open = open
  vi.useRealTimers()
})

describe('tabs', () => {
  const tab = (id: string, ...alive: string[]): Tabs => ({
    ...SOLE_TAB,
    id,
    alive: () => Promise.resolve(new Set([id, ...alive])),
  })

  test('what a living tab has is its own', async () => {
    const first = new DatabaseShelf('u1', quiet, tab('one', 'two'), 'living')
    const second = new DatabaseShelf('u1', quiet, tab('two', 'one'), 'living')
    const a = pending()
    first.put('p1', a)
    expect([await first.all('p1'), await first.claim('p1'), await first.waiting()]).toEqual([[a], [], ['p1']])
    expect([await second.all('p1'), await second.claim('p1'), await second.waiting()]).toEqual([[], [], []])
    expect(await second.unsent()).toBe(1)
  })

  test('what a tab that is gone left is taken up by one other, once', async () => {
    const gone = new DatabaseShelf('u1', quiet, tab('gone'), 'gone')
    const [a, b] = [pending(), pending()]
    gone.put('p1', a)
    gone.put('p2', b)
    await gone.unsent()
    const heirs = ['one', 'two'].map((id) => new DatabaseShelf('u1', quiet, tab(id, 'one', 'two'), 'gone'))
    expect(await heirs[0]!.waiting()).toEqual(['p1', 'p2'])
    const claims = await Promise.all(heirs.map((heir) => heir.claim('p1')))
    expect(claims.flat()).toEqual([a])
    expect((await Promise.all(heirs.map((heir) => heir.all('p1')))).flat()).toEqual([a])
    expect((await Promise.all(heirs.map((heir) => heir.claim('p1')))).flat()).toEqual([])
  })
})
