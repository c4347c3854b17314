import { describe, expect, test, vi } from 'vitest'
import { settle } from './testing/project'
import { AT, JOB_NEWS, ME, PROJECT, titled } from './testing/records'
import { connected, follow, joined, live, network, notified, page, session, stage, status } from './testing/session'
import { welcome } from './testing/socket'

stage()

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
      { type: 'notification', notification: JOB_NEWS },
      { type: 'error', code: 'invalid', message: 'what?' },
    )
    expect(notified).toHaveBeenCalledExactlyOnceWith(JOB_NEWS)
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
