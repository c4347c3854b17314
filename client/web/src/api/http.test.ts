import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Http } from './http'
import { Problem } from './problem'

const USER = { id: 'u1', email: 'ann@example.org', name: 'Ann', email_verified: true }
const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
let http: Http

beforeEach(() => {
  vi.useFakeTimers()
  fetched.mockReset()
  http = new Http({ base: 'http://host', fetch: fetched as unknown as typeof fetch })
})

afterEach(() => vi.useRealTimers())

function answer(status: number, body: unknown = null, headers: Record<string, string> = {}): void {
  fetched.mockResolvedValueOnce(new Response(status === 204 ? null : JSON.stringify(body), { status, headers }))
}

const grant = (access_token: string) => ({ user: USER, access_token, expires_in: 600, token_type: 'bearer' })
const calls = () => fetched.mock.calls.map(([url, init]) => `${init.method} ${url.slice('http://host'.length)}`)
const tokens = () => fetched.mock.calls.map(([, init]) => new Headers(init.headers).get('authorization'))

async function signedIn(): Promise<void> {
  answer(200, grant('t1'))
  await http.login('ann@example.org', 'secret')
}

describe('signing in', () => {
  test('register and login give the user and keep the token', async () => {
    answer(201, grant('t1'))
    expect(await http.register('ann@example.org', 'Ann', 'secret')).toEqual(USER)
    expect(JSON.parse(fetched.mock.calls[0]![1].body as string)).toEqual({
      email: 'ann@example.org',
      name: 'Ann',
      password: 'secret',
    })
    expect([http.user, await http.token()]).toEqual([USER, 't1'])
    await signedIn()
    expect(calls()).toEqual(['POST /v1/auth/register', 'POST /v1/auth/login'])
  })

  test('a wrong password is a problem, not a reason to refresh', async () => {
    answer(401, { code: 'unauthorized', detail: 'no' })
    await expect(http.login('a', 'b')).rejects.toMatchObject({ status: 401, detail: 'no' })
    expect(calls()).toHaveLength(1)
  })

  test('restore takes up an earlier visit, or says that there is none', async () => {
    answer(200, grant('t1'))
    answer(200, USER)
    expect(await http.restore()).toEqual(USER)
    answer(401, { code: 'token_invalid' })
    expect(await new Http({ base: 'http://host', fetch: fetched as unknown as typeof fetch }).restore()).toBeNull()
    answer(503, { code: 'unavailable' })
    await expect(http.restore()).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('logout forgets the token even when the server cannot be told', async () => {
    await signedIn()
    fetched.mockRejectedValueOnce(new TypeError('offline'))
    await expect(http.logout()).rejects.toMatchObject({ code: 'network' })
    expect(http.user).toBeNull()
    answer(401, {})
    await expect(http.token()).rejects.toMatchObject({ status: 401 })
  })
})

describe('tokens', () => {
  test('are renewed before they expire, by one request for all who ask', async () => {
    await signedIn()
    vi.advanceTimersByTime(569_000)
    expect(await http.token()).toBe('t1')
    vi.advanceTimersByTime(1_000)
    answer(200, grant('t2'))
    expect(await Promise.all([http.token(), http.token(), http.renewToken()])).toEqual(['t2', 't2', 't2'])
    expect(calls().slice(1)).toEqual(['POST /v1/auth/refresh'])
  })

  test('a refused one is renewed once, and the request made again', async () => {
    await signedIn()
    answer(401, { code: 'token_expired' })
    answer(200, grant('t2'))
    answer(200, USER)
    expect(await http.me()).toEqual(USER)
    expect(tokens()).toEqual([null, 'Bearer t1', null, 'Bearer t2'])
  })

  test('a second refusal is final', async () => {
    await signedIn()
    answer(401, { code: 'token_invalid' })
    answer(200, grant('t2'))
    answer(401, { code: 'token_invalid' })
    await expect(http.me()).rejects.toMatchObject({ code: 'token_invalid' })
  })

  test('what lacks a second factor is not asked for again: no other token has it', async () => {
    await signedIn()
    answer(401, { code: 'second_factor' })
    await expect(http.ask('POST', '/v1/me/delete', {})).rejects.toMatchObject({ code: 'second_factor' })
    expect(calls()).toHaveLength(2)
  })

  test('tabs renew in turn', async () => {
    const request = vi.fn((_: string, work: () => Promise<unknown>) => work())
    vi.stubGlobal('navigator', { locks: { request } })
    answer(200, grant('t1'))
    expect(await http.renewToken()).toBe('t1')
    expect(request).toHaveBeenCalledWith('lockstep-refresh', expect.any(Function))
    vi.unstubAllGlobals()
  })
})

test('projects and boards', async () => {
  await signedIn()
  const project = { id: 'p1', name: 'P', description: '', role: 'admin', seq: 1, deleted_at: null }
  answer(200, { items: [project], next: null })
  answer(201, project)
  answer(200, project)
  answer(204)
  answer(200, project)
  answer(200, { items: [] })
  for (let i = 0; i < 5; i++) answer(200, {})
  expect(await http.projects()).toEqual([project])
  expect(await http.createProject('p1', 'P')).toEqual(project)
  expect(await http.project('p1')).toEqual(project)
  await http.deleteProject('p1')
  await http.restoreProject('p1')
  expect(await http.deletedProjects()).toEqual([])
  await http.snapshot('p1')
  await http.taskDetail('p1', 't1', new AbortController().signal)
  await http.changes('p1', 5, 10)
  await http.changes('p1', 5, 10, 'e1')
  await http.submit('p1', 'c1', [])
  const uncached = fetched.mock.calls.filter(([, { cache }]) => cache === 'no-store')
  expect(uncached.map(([url]) => url)).toEqual(['http://host/v1/projects/p1/tasks/t1'])
  expect(calls().slice(1)).toEqual([
    'GET /v1/projects',
    'POST /v1/projects',
    'GET /v1/projects/p1',
    'DELETE /v1/projects/p1',
    'POST /v1/projects/p1/restore',
    'GET /v1/projects?deleted=true',
    'GET /v1/projects/p1/snapshot',
    'GET /v1/projects/p1/tasks/t1',
    'GET /v1/projects/p1/changes?since=5&limit=10',
    'GET /v1/projects/p1/changes?since=5&limit=10&epoch=e1',
    'POST /v1/projects/p1/commands',
  ])
})

test('other resources ask in the name of whoever is signed in, and may be answered with nothing', async () => {
  await signedIn()
  answer(201, { id: 'w1' })
  answer(204)
  expect(await http.ask('POST', '/v1/workspaces', { name: 'W' })).toEqual({ id: 'w1' })
  expect(await http.ask('DELETE', '/v1/workspaces/w1')).toBeUndefined()
  expect(calls().slice(1)).toEqual(['POST /v1/workspaces', 'DELETE /v1/workspaces/w1'])
  expect(tokens().slice(1)).toEqual(['Bearer t1', 'Bearer t1'])
})

test('a file is sent as it is', async () => {
  await signedIn()
  answer(204)
  const file = new Blob(['x'], { type: 'image/png' })
  await http.authorised('PUT', '/v1/me/avatar', { body: file })
  const [, init] = fetched.mock.calls[1]!
  expect([init.body, new Headers(init.headers).get('content-type')]).toEqual([file, 'image/png'])
})

describe('problems', () => {
  const wrong = () => http.project('p1').catch((each: unknown) => each as Problem)

  test('carry what the server says', async () => {
    await signedIn()
    answer(422, {
      code: 'invalid',
      title: 'Invalid',
      detail: 'Look',
      errors: [{ pointer: '/name', detail: 'too long' }],
      current: { name: 'n' },
    })
    expect(await wrong()).toMatchObject({
      status: 422,
      code: 'invalid',
      detail: 'Look',
      errors: [{ pointer: '/name', message: 'too long' }],
      current: { name: 'n' },
      retryable: false,
    })
    answer(429, { code: 'rate', title: 'Slow down' }, { 'retry-after': '3' })
    expect(await wrong()).toMatchObject({ code: 'rate', detail: 'Slow down', retryMs: 3_000, retryable: true })
  })

  test('a page of somebody else is unreadable, no answer is the network', async () => {
    await signedIn()
    fetched.mockResolvedValueOnce(new Response('<html>', { status: 502 }))
    expect(await wrong()).toMatchObject({ status: 502, code: 'unreadable', retryable: true, retryMs: null })
    fetched.mockRejectedValueOnce(new TypeError('offline'))
    expect(await wrong()).toMatchObject({ status: 0, code: 'network', retryable: true })
  })
})
