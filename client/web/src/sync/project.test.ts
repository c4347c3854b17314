import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Command } from '../protocol/generated'
import { Followed, problem, settle } from './testing/project'
import { AT, EPOCH, PROJECT, change, snapshot, titled } from './testing/records'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const retitle = (title: string, task = 't1'): Command[] => [{ type: 'update_task', id: task, title }]

function ack(id: string, seq: number, noop = false) {
  return { type: 'ack' as const, project: PROJECT, id, seq, ...(noop ? { noop } : {}) }
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
