import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Command } from '../protocol/generated'
import { Rejected } from './outcome'
import { NO_SHELF, type Shelf } from './shelf'
import { Followed, settle } from './testing/project'
import { AT, PROJECT, snapshot, titled } from './testing/records'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const retitle = (title: string, task = 't1'): Command[] => [{ type: 'update_task', id: task, title }]

function ack(id: string, seq: number, noop = false) {
  return { type: 'ack' as const, project: PROJECT, id, seq, ...(noop ? { noop } : {}) }
}

function reject(id: string, code: string, more = {}) {
  return { type: 'reject' as const, project: PROJECT, id, code, message: `it is ${code}`, retryable: false, ...more }
}

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
