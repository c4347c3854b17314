import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Down } from '../protocol/generated'
import type { ProjectEvents } from './following'
import type { ProjectSync } from './project'
import { SessionSync, type SessionOptions } from './session'
import { NO_SHELF, type Shelf } from './shelf'
import { SOLE_TAB } from './tabs'
import { settle } from './testing/project'
import { AT, EPOCH, ME, PROJECT, snapshot, titled } from './testing/records'
import { FakeNetwork, welcome } from './testing/socket'

const quiet: ProjectEvents = { touched() {}, changed() {}, rejected() {}, status() {}, presence() {} }

class Target extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible'
}

let network: FakeNetwork
let page: { window: EventTarget; document: Target; navigator: { onLine: boolean } }
const notified = vi.fn()
const status = vi.fn()
const source = { snapshot: vi.fn(() => Promise.resolve(snapshot())), taskDetail: vi.fn(), changes: vi.fn() }

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  network = new FakeNetwork()
  page = { window: new EventTarget(), document: new Target(), navigator: { onLine: true } }
})

afterEach(() => vi.useRealTimers())

function session(more: Partial<SessionOptions> = {}): SessionSync {
  const credentials = { token: () => Promise.resolve('t'), renewToken: () => Promise.resolve('t') }
  const options = {
    url: 'ws://host/',
    client: 'web',
    credentials,
    source,
    shelf: NO_SHELF,
    user: ME,
    page,
    socket: network.open,
    random: () => 1,
    ...more,
  }
  const made = new SessionSync(options, { status, notified })
  made.start()
  return made
}

async function connected(): Promise<void> {
  await settle()
  network.last.accept()
  network.last.say(welcome())
}

function follow(made: SessionSync): ProjectSync {
  const project = made.follow(PROJECT, quiet)
  void made.begin(project)
  return project
}

const joined: Down = { type: 'joined', project: PROJECT, epoch: EPOCH, seq: 10, mode: 'resumed' }

async function live(shelf: Partial<Shelf> = {}): Promise<{ made: SessionSync; project: ProjectSync }> {
  const made = session({ shelf: { ...NO_SHELF, ...shelf } })
  const project = follow(made)
  await connected()
  await settle()
  network.last.say(joined)
  return { made, project }
}

describe('liveness', () => {
  test('catching up until every project is joined', async () => {
    const made = session()
    expect(made.liveness).toBe('catching_up')
    await connected()
    expect(made.liveness).toBe('live')
    follow(made)
    await settle()
    expect(made.liveness).toBe('catching_up')
    network.last.say(joined)
    expect(made.liveness).toBe('live')
    expect(status).toHaveBeenCalled()
  })

  test('a hiccup is catching up, more is offline', async () => {
    const { made } = await live()
    network.last.drop()
    expect(made.liveness).toBe('catching_up')
    await vi.advanceTimersByTimeAsync(500)
    network.last.drop()
    expect(made.liveness).toBe('offline')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(made.liveness).toBe('offline')
    await connected()
    await settle()
    network.last.say(joined)
    expect(made.liveness).toBe('live')
  })

  test('a browser without network is offline, an ended connection too', async () => {
    const { made } = await live()
    page.navigator.onLine = false
    expect(made.liveness).toBe('offline')
    page.navigator.onLine = true
    network.last.drop(4003, 'no')
    expect([made.liveness, made.ended]).toEqual(['offline', { code: 4003, reason: 'no' }])
  })

  test('counts what waits in all projects', async () => {
    const { made, project } = await live()
    void project.submit([{ type: 'archive_task', id: 't1' }])
    expect(made.waiting).toBe(1)
  })
})

describe('routing', () => {
  test('a frame reaches each project once, with its own messages', async () => {
    const { made, project } = await live()
    const received = vi.spyOn(project, 'receive')
    const foreign = { ...titled(11, 't1', 'x'), project: 'other' }
    network.last.say(titled(11, 't1', 'one'), foreign, titled(12, 't1', 'two'))
    expect(received).toHaveBeenCalledOnce()
    expect(project.replica.seq).toBe(12)
    expect(made.user).toEqual({ id: ME, name: 'Me' })
  })

  test('heads count after the changes before them', async () => {
    const { project } = await live()
    network.last.say(titled(11, 't1', 'one'), { type: 'heads', projects: { [PROJECT]: 11, other: 5 }, inbox_seq: 0 })
    await settle()
    expect([project.replica.seq, network.last.sentOf('join').length]).toEqual([11, 1])
    network.last.say({ type: 'heads', projects: { [PROJECT]: 13 }, inbox_seq: 0 })
    await settle()
    expect(network.last.sentOf('join')).toHaveLength(2)
  })

  test('notifications are handed on, errors of no project are not', async () => {
    await live()
    network.last.say(
      { type: 'notification', notification: { kind: 'assigned' } },
      { type: 'error', code: 'invalid', message: 'what?' },
    )
    expect(notified).toHaveBeenCalledExactlyOnceWith({ kind: 'assigned' })
  })
})

describe('life', () => {
  test('nothing is said in the name of somebody else who signed in meanwhile', async () => {
    const made = session()
    const project = follow(made)
    void project.submit([{ type: 'archive_task', id: 't1' }])
    await settle()
    network.last.accept()
    network.last.say(welcome({ user: { id: 'u2', name: 'Ann' } }))
    await settle()
    expect(made.ended?.code).toBe(4001)
    expect(network.last.sent.map(({ type }) => type)).toEqual(['hello'])
  })

  test('predictions carry the time of the server', async () => {
    vi.setSystemTime('2026-05-12T09:00:00Z')
    const { project } = await live()
    void project.submit([{ type: 'archive_task', id: 't1' }])
    expect(Date.parse(project.replica.view.get('task', 't1')!.archived_at!)).toBe(Date.parse(AT))
  })

  test('a project that is opened while up joins at once; one that is left is heard no more', async () => {
    const made = session()
    await connected()
    const project = follow(made)
    await settle()
    network.last.say(joined)
    made.unfollow(PROJECT)
    await settle()
    expect(network.last.sentOf('leave')).toHaveLength(1)
    network.last.say(titled(11, 't1', 'late'))
    expect(project.replica.seq).toBe(10)
  })

  test('the network coming back and the page being seen again cut the wait short', async () => {
    await live()
    network.last.drop()
    page.window.dispatchEvent(new Event('online'))
    await settle()
    expect(network.sockets).toHaveLength(2)
    network.last.drop()
    page.document.visibilityState = 'hidden'
    page.document.dispatchEvent(new Event('visibilitychange'))
    await settle()
    expect(network.sockets).toHaveLength(2)
    page.document.visibilityState = 'visible'
    page.document.dispatchEvent(new Event('visibilitychange'))
    await settle()
    expect(network.sockets).toHaveLength(3)
    page.window.dispatchEvent(new Event('offline'))
  })

  test('a machine that wakes is connected anew though its timers stood still', async () => {
    await live()
    vi.setSystemTime(Date.now() + 3_600_000)
    await vi.advanceTimersByTimeAsync(5_000)
    expect([network.sockets.length, network.sockets[0]!.closedWith]).toEqual([2, 4205])
    await connected()
    await settle()
    expect(network.last.sentOf('join')).toMatchObject([{ since: 10 }])
    network.last.say(joined)
    page.document.visibilityState = 'hidden'
    vi.setSystemTime(Date.now() + 3_600_000)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(network.sockets).toHaveLength(2)
  })

  test('boards are kept when the page is hidden or goes', async () => {
    const { project } = await live()
    const keep = vi.spyOn(project, 'keep')
    page.document.visibilityState = 'hidden'
    page.document.dispatchEvent(new Event('visibilitychange'))
    page.window.dispatchEvent(new Event('pagehide'))
    expect(keep).toHaveBeenCalledTimes(2)
  })

  test('closing leaves the projects, the connection and the page alone', async () => {
    const { made } = await live()
    made.close()
    expect(network.last.closedWith).toBe(1000)
    page.window.dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(network.sockets).toHaveLength(1)
  })
})

describe('errands', () => {
  const old = { id: 'old', at: AT, commands: [{ type: 'update_task' as const, id: 't1', title: 'left' }] }
  let waiting: string[]
  let gone: () => void

  /** A session whose shelf holds one submit of a project, for the one who claims it. */
  function inheriting(): SessionSync {
    waiting = [PROJECT]
    const shelf = {
      ...NO_SHELF,
      waiting: () => Promise.resolve(waiting),
      claim: () => Promise.resolve(waiting.length > 0 ? [old] : []),
      remove: () => (waiting = []),
    }
    const tabs = { ...SOLE_TAB, onGone: (listener: () => void) => (gone = listener) }
    return session({ shelf, tabs })
  }

  const submits = () => network.sockets.flatMap((socket) => socket.sentOf('submit').map(({ id }) => id))
  const refusal = { type: 'reject' as const, project: PROJECT, id: 'old', code: 'conflict', message: '' }

  test('what waits of a project that nobody looks at is sent, and the project left', async () => {
    const made = inheriting()
    await connected()
    await settle()
    expect(made.follows(PROJECT)).toBe(true)
    network.last.say(joined)
    await settle()
    expect(submits()).toEqual(['old'])
    network.last.say(titled(11, 't1', 'left', 'old'))
    await settle()
    expect([made.follows(PROJECT), network.last.sentOf('leave').length]).toEqual([false, 1])
  })

  test('whoever opens the board takes over', async () => {
    const made = inheriting()
    await connected()
    await settle()
    const project = follow(made)
    await settle()
    network.last.say(joined)
    await settle()
    network.last.say(titled(11, 't1', 'left', 'old'))
    await settle()
    expect([made.follows(PROJECT), project.waiting, project.replica.view.get('task', 't1')?.title]).toEqual([
      true,
      0,
      'left',
    ])
  })

  test('a refusal is told to the one who looks next, once', async () => {
    const made = inheriting()
    await connected()
    await settle()
    network.last.say(joined, { ...refusal, retryable: false })
    await settle()
    network.last.say({ ...refusal, retryable: false })
    await settle()
    expect(made.missed(PROJECT)).toMatchObject([{ id: 'old', texts: ['left'] }])
    expect(made.missed(PROJECT)).toEqual([])
  })

  test('edits of a board that is left while offline are sent', async () => {
    let left = [] as (typeof old)[]
    const { made, project } = await live({
      waiting: () => Promise.resolve([PROJECT]),
      all: () => Promise.resolve(left),
    })
    left = [old]
    void project.submit([{ type: 'archive_task', id: 't1' }])
    made.unfollow(PROJECT)
    await settle()
    expect(made.follows(PROJECT)).toBe(true)
    made.close()
    await settle()
    expect(made.follows(PROJECT)).toBe(false)
  })

  test('what a tab left is taken up by an open board', async () => {
    const made = inheriting()
    waiting = []
    const project = follow(made)
    await connected()
    await settle()
    network.last.say(joined)
    waiting = [PROJECT]
    gone()
    await settle()
    expect([submits(), project.waiting]).toEqual([['old'], 1])
  })
})
