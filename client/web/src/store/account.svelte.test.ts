import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Problem } from '../api/problem'
import type { Http, SignedIn } from '../api/http'
import { NO_SHELF } from '../sync/shelf'
import { member, snapshot } from '../sync/testing/records'
import { Account } from './account.svelte'

const REST = { email_verified: true, time_zone: 'UTC', language: 'en', avatar: null, second_factor: false }
const ANN: SignedIn = { id: 'u1', email: 'ann@example.org', name: 'Ann', ...REST }
const BOB: SignedIn = { id: 'u2', email: 'bob@example.org', name: 'Bob', ...REST }

const restore = vi.fn<Http['restore']>()
const login = vi.fn<Http['login']>()
const logout = vi.fn<Http['logout']>()
const me = vi.fn<Http['me']>()
const unsent = vi.fn<() => Promise<number>>()
const forget = vi.fn(() => Promise.resolve())
const forgetBoards = vi.fn(() => Promise.resolve())
const offline = new Problem(0, 'network', 'offline')

/** The page as it is after a reload. */
function page(): Account {
  const http = { restore, login, logout, me, register: login } as unknown as Http
  return new Account(http, (user) => ({ ...NO_SHELF, unsent, forget, forgetBoards, user }) as never)
}

async function signedIn(): Promise<Account> {
  const made = page()
  login.mockResolvedValueOnce(ANN)
  await made.login('ann@example.org', 'secret')
  return made
}

beforeEach(() => {
  vi.resetAllMocks()
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
  for (const each of [logout, forget, forgetBoards]) each.mockResolvedValue(undefined)
  unsent.mockResolvedValue(0)
})

test('who is signed in is as the server tells it now, and stays the same person with the same shelf', async () => {
  const made = await signedIn()
  const shelf = made.shelf
  me.mockResolvedValueOnce({ ...ANN, name: 'Ann Larkin' })
  await made.refresh()
  expect([made.user?.name, made.shelf]).toEqual(['Ann Larkin', shelf])
  expect(made.shelf).toBe(shelf)
})

describe('an earlier visit', () => {
  test('is taken up before the server has answered, and without it', async () => {
    await signedIn()
    restore.mockRejectedValueOnce(offline)
    const again = page()
    const restored = again.restore()
    expect([again.user, again.shelf]).toMatchObject([ANN, { user: 'u1' }])
    await restored
    expect(again.user).toEqual(ANN)
  })

  test('that the server has ended is over: boards are forgotten, what was not sent is not', async () => {
    await signedIn()
    restore.mockResolvedValueOnce(null)
    const again = page()
    await again.restore()
    expect([again.user, again.shelf]).toEqual([null, NO_SHELF])
    expect([forgetBoards.mock.calls.length, forget.mock.calls.length]).toEqual([1, 0])
    restore.mockRejectedValueOnce(offline)
    await expect(page().restore()).rejects.toBe(offline)
  })

  test('of somebody else in another tab is theirs', async () => {
    await signedIn()
    restore.mockResolvedValueOnce(BOB)
    const again = page()
    await again.restore()
    expect([again.user, again.shelf]).toMatchObject([BOB, { user: 'u2' }])
  })

  test('a browser that keeps nothing asks the server', async () => {
    vi.stubGlobal('localStorage', undefined)
    await signedIn()
    restore.mockResolvedValueOnce(ANN)
    const again = page()
    const restored = again.restore()
    expect(again.user).toBeUndefined()
    await restored
    expect(again.user).toEqual(ANN)
  })
})

test('boards that were kept stand in for the list of projects', async () => {
  const made = await signedIn()
  const boards = [snapshot(), snapshot({ members: [member('u2')] })]
  Object.assign(made.shelf, { boards: () => Promise.resolve(boards) })
  const project = { ...snapshot().project, seq: 10, deleted_at: null }
  expect(await made.kept()).toEqual([
    { ...project, role: 'admin' },
    { ...project, role: 'viewer' },
  ])
})

describe('signing out', () => {
  test('forgets all that is here', async () => {
    const made = await signedIn()
    await made.logout()
    expect([made.user, made.unsent, forget.mock.calls.length, logout.mock.calls.length]).toEqual([null, 0, 1, 1])
  })

  test('asks first when edits would be lost', async () => {
    const made = await signedIn()
    unsent.mockResolvedValue(2)
    await made.logout()
    expect([made.user, made.unsent, forget.mock.calls.length]).toEqual([ANN, 2, 0])
    made.stay()
    expect([made.user, made.unsent]).toEqual([ANN, 0])
    await made.logout()
    await made.leave()
    expect([made.user, made.unsent, forget.mock.calls.length]).toEqual([null, 0, 1])
  })

  test('without a network is told to the server before anybody is taken up again', async () => {
    const made = await signedIn()
    logout.mockRejectedValueOnce(offline)
    await made.logout()
    expect(made.user).toBeNull()

    logout.mockRejectedValueOnce(offline)
    const still = page()
    await expect(still.restore()).rejects.toBe(offline)
    expect([still.user, restore.mock.calls.length]).toEqual([undefined, 0])

    restore.mockResolvedValueOnce(null)
    const back = page()
    await back.restore()
    expect([back.user, logout.mock.calls.length]).toEqual([null, 3])
  })
})
