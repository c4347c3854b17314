import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Command } from '../protocol/generated'
import { Rejected } from './outcome'
import { NO_SHELF, type Shelf } from './shelf'
import { Followed, problem, settle } from './testing/project'
import { AT, EPOCH, PROJECT, change, snapshot, titled } from './testing/records'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const retitle = (title: string, task = 't1'): Command[] => [{ type: 'update_task', id: task, title }]

function ack(id: string, seq: number, noop = false) {
  return { type: 'ack' as const, project: PROJECT, id, seq, ...(noop ? { noop } : {}) }
}

function reject(id: string, code: string, more = {}) {
  return { type: 'reject' as const, project: PROJECT, id, code, message: `it is ${code}`, retryable: false, ...more }
}

describe('joining', () => {
  test('P4: loads the snapshot, then joins from its seq and epoch', async () => {
    const followed = new Followed()
    followed.project.up()
    void followed.project.open()
    expect(followed.project.state).toBe('loading')
    await settle()
    expect(followed.fetchSnapshot).toHaveBeenCalledOnce()
    expect(followed.sent).toEqual([{ type: 'join', project: PROJECT, since: 10, epoch: EPOCH }])
    expect([followed.project.state, followed.project.current]).toEqual(['ready', false])
    followed.join()
    expect(followed.project.current).toBe(true)
  })

  test('loads before the connection is up, and joins when it is', async () => {
    const followed = new Followed()
    void followed.project.open()
    await settle()
    expect([followed.project.state, followed.sent]).toEqual(['ready', []])
    followed.project.up()
    expect(followed.sentOf('join')).toHaveLength(1)
  })

  test('after a lost connection joins from what it has', async () => {
    const followed = await Followed.joined()
    followed.hear(titled(11, 't1', 'one'))
    followed.project.down()
    expect(followed.project.current).toBe(false)
    followed.project.up()
    expect(followed.sentOf('join')[1]).toEqual({ type: 'join', project: PROJECT, since: 11, epoch: EPOCH })
    expect(followed.fetchSnapshot).toHaveBeenCalledOnce()
  })

  test.each([
    ['resync', (followed: Followed) => followed.join('resync')],
    ['another epoch', (followed: Followed) => followed.join('resumed', 'e2')],
    [
      'another seq than asked for',
      (followed: Followed) => followed.say({ type: 'joined', project: PROJECT, epoch: EPOCH, seq: 12, mode: 'live' }),
    ],
  ])('%s: loads the snapshot again and joins again', async (_, answer) => {
    const followed = new Followed()
    followed.project.up()
    void followed.project.open()
    await settle()
    followed.fetchSnapshot.mockResolvedValue(snapshot({ seq: 20, epoch: 'e2' }))
    answer(followed)
    await settle()
    expect(followed.sentOf('join')[1]).toEqual({ type: 'join', project: PROJECT, since: 20, epoch: 'e2' })
    followed.join()
    expect(followed.project.current).toBe(true)
  })

  test('resync after resync takes its time', async () => {
    const followed = new Followed()
    followed.project.up()
    void followed.project.open()
    await settle()
    for (let i = 0; i < 3; i++) {
      followed.join('resync')
      await settle()
    }
    expect(followed.fetchSnapshot).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(followed.fetchSnapshot).toHaveBeenCalledTimes(3)
  })

  test('a failing server is asked again, and again, with the time it names', async () => {
    const followed = new Followed()
    followed.fetchSnapshot.mockRejectedValueOnce(problem(503, 'overloaded', 3_000))
    followed.project.up()
    void followed.project.open()
    await settle()
    expect([followed.project.state, followed.project.problem?.code]).toEqual(['failed', 'overloaded'])
    await vi.advanceTimersByTimeAsync(3_499)
    expect(followed.fetchSnapshot).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(1)
    expect([followed.project.state, followed.project.problem]).toEqual(['ready', null])
  })

  test('a board that was seen once stays on show while it cannot be loaded', async () => {
    const followed = await Followed.joined()
    followed.fetchSnapshot.mockRejectedValue(problem(0, 'network'))
    followed.hear(titled(11, 'unknown', 'does not fit'))
    await settle()
    expect([followed.project.state, followed.project.current, followed.title()]).toEqual(['ready', false, 't1'])
  })

  test('a join that is refused for a while is tried again', async () => {
    const followed = new Followed()
    followed.project.up()
    void followed.project.open()
    await settle()
    followed.say({ type: 'error', re: 'join', project: PROJECT, code: 'overloaded', message: '' })
    await vi.advanceTimersByTimeAsync(500)
    expect(followed.sentOf('join')).toHaveLength(2)
    followed.say({ type: 'error', re: 'join', project: PROJECT, code: 'overloaded', message: '', retry_ms: 4_000 })
    await vi.advanceTimersByTimeAsync(4_999)
    expect(followed.sentOf('join')).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(followed.sentOf('join')).toHaveLength(3)
    followed.say({ type: 'error', re: 'presence', project: PROJECT, code: 'invalid', message: '' })
    expect(followed.project.state).toBe('ready')
  })

  test('closing leaves and stays away', async () => {
    const followed = await Followed.joined()
    followed.project.close()
    expect(followed.sent.at(-1)).toEqual({ type: 'leave', project: PROJECT })
    followed.hear(titled(11, 't1', 'late'))
    expect(followed.title()).toBe('t1')
  })

  test('a snapshot that comes after closing is not taken', async () => {
    const followed = new Followed()
    void followed.project.open()
    followed.project.close()
    await settle()
    expect(followed.project.state).toBe('loading')
    const failing = new Followed()
    failing.fetchSnapshot.mockRejectedValue(problem(503, 'unavailable'))
    void failing.project.open()
    failing.project.close()
    await settle()
    expect(failing.project.state).toBe('loading')
  })
})

describe('changes', () => {
  test('P3: a burst is applied as one step, in order', async () => {
    const followed = await Followed.joined()
    followed.touched.length = 0
    followed.hear(titled(11, 't1', 'one'), titled(12, 't1', 'two'))
    expect(followed.touched).toMatchObject([{ before: { title: 't1' }, after: { title: 'two' } }])
    expect(followed.changed).toEqual([
      [11, false],
      [12, false],
    ])
  })

  test('a hole leads to a join from before it; what comes until then is not applied', async () => {
    const followed = await Followed.joined()
    followed.hear(titled(12, 't1', 'two'))
    followed.hear(titled(13, 't1', 'three'))
    expect(followed.sentOf('join').map(({ since }) => since)).toEqual([10, 10])
    followed.join()
    followed.hear(titled(11, 't2', 'one'), titled(12, 't1', 'two'), titled(13, 't1', 'three'))
    expect([followed.title('t2'), followed.title()]).toEqual(['one', 'three'])
  })

  test('a head that was never seen leads to a join', async () => {
    const followed = await Followed.joined()
    followed.project.headed(10)
    expect(followed.sentOf('join')).toHaveLength(1)
    followed.project.headed(11)
    followed.project.headed(12)
    expect(followed.sentOf('join')).toHaveLength(2)
  })

  test('a change that does not fit leads to a new snapshot', async () => {
    const followed = await Followed.joined()
    followed.fetchSnapshot.mockResolvedValue(snapshot({ seq: 11 }))
    followed.hear(titled(11, 'unknown', 'x'))
    await settle()
    expect(followed.sentOf('join')[1]).toMatchObject({ since: 11 })
  })

  test('changes and answers of one frame count in its order', async () => {
    const followed = await Followed.joined()
    const outcome = followed.project.submit(retitle('mine'))
    const { id } = followed.sentOf('submit')[0]!
    followed.say(titled(11, 't1', 'theirs'), ack(id, 12), titled(12, 't1', 'mine', id))
    expect(await outcome).toEqual({ seq: 12, noop: false })
    expect(followed.changed).toEqual([
      [11, false],
      [12, true],
    ])
  })
})

describe('submits', () => {
  test('show at once and resolve when the change is here', async () => {
    const followed = await Followed.joined()
    const done = vi.fn()
    void followed.project.submit(retitle('mine')).then(done)
    expect([followed.title(), followed.project.waiting]).toEqual(['mine', 1])
    const { id } = followed.sentOf('submit')[0]!
    followed.say(ack(id, 11))
    await settle()
    expect([done.mock.calls.length, followed.project.waiting]).toEqual([0, 0])
    followed.hear(titled(11, 't1', 'mine', id))
    await settle()
    expect(done).toHaveBeenCalledWith({ seq: 11, noop: false })
  })

  test('a no-op resolves as such', async () => {
    const followed = await Followed.joined()
    const outcome = followed.project.submit(retitle('t1'))
    followed.say(ack(followed.sentOf('submit')[0]!.id, 10, true))
    expect(await outcome).toEqual({ seq: 10, noop: true })
  })

  test('a refusal rolls back, keeps the text and rejects with the reason', async () => {
    const followed = await Followed.joined()
    const outcome = followed.project.submit(retitle('mine'))
    const { id } = followed.sentOf('submit')[0]!
    followed.say(reject(id, 'conflict', { current: { title: 'theirs' } }))
    const wrong = await outcome.catch((each: unknown) => each)
    expect(wrong).toBeInstanceOf(Rejected)
    expect(wrong).toMatchObject({ code: 'conflict', message: 'it is conflict', current: { title: 'theirs' } })
    expect(followed.rejections).toMatchObject([{ id, texts: ['mine'], commands: retitle('mine'), errors: [] }])
    expect(followed.rejections[0]!.about).toEqual({ type: 'update_task', name: 't1', task: 't1', fields: ['title'] })
    expect(followed.title()).toBe('t1')
  })

  test('wait while apart and go with the next join, with the same ids', async () => {
    const followed = await Followed.joined()
    void followed.project.submit(retitle('one'))
    followed.project.down()
    void followed.project.submit(retitle('two'))
    followed.project.up()
    followed.join()
    const ids = followed.sentOf('submit').map(({ id }) => id)
    expect(ids).toHaveLength(3)
    expect(ids[1]).toBe(ids[0])
    expect(followed.title()).toBe('two')
  })

  test('P5: an outcome that was unknown is settled by its change', async () => {
    const followed = await Followed.joined()
    const outcome = followed.project.submit(retitle('mine'))
    const { id } = followed.sentOf('submit')[0]!
    followed.say(reject(id, 'unavailable', { retryable: true }), titled(11, 't1', 'mine', id))
    expect(await outcome).toEqual({ seq: 11, noop: false })
    expect(followed.project.waiting).toBe(0)
  })

  test('one that no frame can carry is refused here', async () => {
    const followed = await Followed.joined()
    const text = 'x'.repeat(50_000)
    const many = Array.from({ length: 6 }, (_, i): Command => ({
      type: 'describe_task',
      id: `t${i}`,
      text,
      base_seq: 10,
    }))
    await expect(followed.project.submit(many)).rejects.toMatchObject({ code: 'limit' })
    expect(followed.sentOf('submit')).toEqual([])
  })

  test('what an earlier visit left is shown and sent', async () => {
    const left = { id: 'old', at: AT, commands: retitle('left') }
    const removed: string[] = []
    const shelf: Shelf = { ...NO_SHELF, all: () => Promise.resolve([left]), remove: (id) => removed.push(id) }
    const followed = await Followed.joined(shelf)
    expect([followed.title(), followed.sentOf('submit').map(({ id }) => id)]).toEqual(['left', ['old']])
    followed.say(reject('old', 'conflict'))
    expect(followed.rejections).toMatchObject([{ id: 'old', texts: ['left'] }])
    expect(removed).toEqual(['old'])
  })

  test('what an earlier visit left and another tab has sent otherwise is not lost', async () => {
    const left = { id: 'old', at: AT, commands: retitle('left') }
    const followed = await Followed.joined({ ...NO_SHELF, all: () => Promise.resolve([left]) })
    followed.say(reject('old', 'id_reuse'))
    expect([followed.rejections, followed.title()]).toEqual([[], 't1'])
  })

  test('of a resync: acknowledged ones are settled by the snapshot, the others are sent again', async () => {
    const followed = await Followed.joined()
    const first = followed.project.submit(retitle('one'))
    void followed.project.submit(retitle('two', 't2'))
    const [a, b] = followed.sentOf('submit').map(({ id }) => ({ id })) as [{ id: string }, { id: string }]
    followed.say(ack(a.id, 11))
    followed.fetchSnapshot.mockResolvedValue(snapshot({ seq: 15 }))
    followed.hear(titled(12, 'unknown', 'gap'), titled(13, 'unknown', 'gap'))
    followed.join('resync')
    await settle()
    expect(await first).toEqual({ seq: 11, noop: false })
    followed.join()
    expect(followed.sentOf('submit').map(({ id }) => id)).toEqual([a.id, b.id, b.id])
    expect(followed.title('t2')).toBe('two')
  })
})

describe('the end of a project', () => {
  test.each(['removed', 'deleted'] as const)(
    '%s: nothing goes or comes any more, what waits is handed back',
    async (reason) => {
      const followed = await Followed.joined()
      const outcome = followed.project.submit(retitle('mine'))
      followed.say({ type: 'left', project: PROJECT, reason })
      await expect(outcome).rejects.toMatchObject({ code: 'forbidden' })
      expect([followed.project.state, followed.project.waiting, followed.project.current]).toEqual(['gone', 0, true])
      await expect(followed.project.submit(retitle('late'))).rejects.toMatchObject({ code: 'not_found' })
      followed.project.up()
      expect(followed.sentOf('join')).toHaveLength(1)
    },
  )

  test('a leave of our own is not the end', async () => {
    const followed = await Followed.joined()
    followed.say({ type: 'left', project: PROJECT, reason: 'left' })
    expect(followed.project.state).toBe('ready')
  })

  test('a join that is forbidden, or a snapshot that is not there', async () => {
    const followed = new Followed()
    followed.project.up()
    void followed.project.open()
    await settle()
    followed.say({ type: 'error', re: 'join', project: PROJECT, code: 'forbidden', message: 'no' })
    expect([followed.project.state, followed.project.problem?.detail]).toEqual(['gone', 'no'])

    const absent = new Followed()
    absent.fetchSnapshot.mockRejectedValue(problem(404, 'not_found'))
    void absent.project.open()
    await settle()
    expect([absent.project.state, absent.project.problem?.code]).toEqual(['gone', 'not_found'])
  })
})

describe('presence', () => {
  test('is told with the join and forgotten with the connection', async () => {
    const followed = new Followed()
    followed.project.up()
    void followed.project.open()
    await settle()
    followed.project.presence.set({ task: 't1' })
    followed.join()
    expect(followed.sentOf('presence')).toEqual([{ type: 'presence', project: PROJECT, state: { task: 't1' } }])
    const ann = { session: 's2', user: { id: 'u2', name: 'Ann' }, client: 'web', state: {} }
    followed.say({ type: 'presence', project: PROJECT, sessions: [ann] })
    expect(followed.project.presence.others('s1')).toEqual([ann])
    followed.project.down()
    expect(followed.project.presence.others('s1')).toEqual([])
  })
})

test('an error that is no problem of the wire is not swallowed', async () => {
  const followed = new Followed()
  followed.fetchSnapshot.mockRejectedValue(new TypeError('a bug'))
  const unhandled = vi.fn()
  process.once('unhandledRejection', unhandled)
  void followed.project.open()
  await settle()
  vi.useRealTimers()
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(unhandled).toHaveBeenCalledWith(expect.objectContaining({ message: 'a bug' }), expect.anything())
})

test('a change of another kind passes through', async () => {
  const followed = await Followed.joined()
  followed.hear(
    change(11, [
      {
        op: 'put',
        kind: 'comment',
        record: { id: 'k', task_id: 't1', author_id: null, text: '', created_at: AT, edited_at: null },
      },
    ]),
  )
  expect(followed.project.replica.seq).toBe(11)
})
