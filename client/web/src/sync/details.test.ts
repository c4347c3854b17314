import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Problem } from '../api/problem'
import type { DetailState } from './details'
import { HELD_MAX } from './looking'
import { Followed, problem, settle } from './testing/project'
import { change, comment, detail, snapshot, task, titled } from './testing/records'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const t1 = task('t1', 'todo', 'a0')

class Look {
  state: DetailState = 'loading'
  problem: Problem | null = null
  readonly #followed: Followed

  constructor(followed: Followed, id = 't1') {
    this.#followed = followed
    followed.project.details.open(id, (state, problem) => Object.assign(this, { state, problem }))
  }

  texts(id = 't1'): string[] {
    return this.#followed.project.replica.view.comments.of(id).map(({ text }) => text)
  }
}

test('is loaded, and is live', async () => {
  const followed = await Followed.joined()
  followed.fetchDetail.mockResolvedValue(detail(t1, 10, { comments: [comment('a', 't1')] }))
  const look = new Look(followed)
  expect(look.state).toBe('loading')
  await settle()
  expect([look.state, look.texts()]).toEqual(['ready', ['a']])
  followed.hear(change(11, [{ op: 'put', kind: 'comment', record: comment('b', 't1') }]))
  expect(look.texts()).toEqual(['a', 'b'])
  expect(followed.fetchDetail).toHaveBeenCalledOnce()
})

test('is held on and kept current after it was closed: it is there at once the next time', async () => {
  const followed = await Followed.joined()
  followed.fetchDetail.mockResolvedValue(detail(t1, 10, { comments: [comment('a', 't1')] }))
  new Look(followed)
  await settle()
  followed.project.details.close('t1')
  followed.hear(change(11, [{ op: 'put', kind: 'comment', record: comment('b', 't1') }]))
  const again = new Look(followed)
  expect([again.state, again.texts()]).toEqual(['ready', ['a', 'b']])
  await settle()
  expect(followed.fetchDetail).toHaveBeenCalledOnce()
})

test('so many are held on, the one looked at longest ago goes first', async () => {
  const followed = await Followed.joined()
  const ids = Array.from({ length: HELD_MAX + 1 }, (_, i) => `n${i}`)
  followed.hear(
    change(
      11,
      ids.map((id, i) => ({ op: 'put', kind: 'task', record: task(id, 'todo', `b${i}`) })),
    ),
  )
  followed.fetchDetail.mockImplementation((_, id) => Promise.resolve(detail(task(id, 'todo', 'b0'), 11)))
  const look = async (id: string) => {
    new Look(followed, id)
    await settle()
    followed.project.details.close(id)
  }
  for (const id of ids.slice(0, HELD_MAX)) await look(id)
  await look('n0')
  await look(ids.at(-1)!)
  const { texts } = followed.project.replica
  expect(['n0', 'n1', ids.at(-1)!].map((id) => texts.holds(id))).toEqual([true, false, true])
  expect(texts.tasks).toHaveLength(HELD_MAX)
})

test('waits for the board, and for a task that is only predicted so far', async () => {
  const followed = new Followed()
  const look = new Look(followed, 'new')
  followed.project.up()
  void followed.project.open()
  void followed.project.submit([{ type: 'create_task', id: 'new', column_id: 'todo', title: 'new' }])
  await settle()
  followed.join()
  expect([look.state, followed.fetchDetail.mock.calls.length]).toEqual(['loading', 0])
  followed.fetchDetail.mockResolvedValue(detail(task('new', 'todo', 'a5'), 11))
  const { id } = followed.sentOf('submit')[0]!
  followed.hear(change(11, [{ op: 'put', kind: 'task', record: task('new', 'todo', 'a5') }], id))
  await settle()
  expect(look.state).toBe('ready')
})

test('is gone with its task and loaded again when that comes back', async () => {
  const followed = await Followed.joined()
  followed.fetchDetail.mockResolvedValue(detail(t1, 10, { comments: [comment('a', 't1')] }))
  const look = new Look(followed)
  await settle()
  followed.hear(change(11, [{ op: 'remove', kind: 'task', id: 't1' }]))
  expect([look.state, look.texts()]).toEqual(['gone', []])
  followed.fetchDetail.mockResolvedValue(detail(t1, 12, { comments: [comment('b', 't1')] }))
  followed.hear(change(12, [{ op: 'put', kind: 'task', record: t1 }]))
  await settle()
  expect([look.state, look.texts()]).toEqual(['ready', ['b']])
})

test('a deletion that is only predicted hides it, a refusal shows it again without loading', async () => {
  const followed = await Followed.joined()
  followed.fetchDetail.mockResolvedValue(detail(t1, 10, { comments: [comment('a', 't1')] }))
  const look = new Look(followed)
  await settle()
  void followed.project.submit([{ type: 'delete_task', id: 't1' }])
  expect(look.state).toBe('gone')
  const { id } = followed.sentOf('submit')[0]!
  followed.say({ type: 'reject', project: 'p1', id, code: 'forbidden', message: '', retryable: false })
  expect([look.state, look.texts()]).toEqual(['ready', ['a']])
  expect(followed.fetchDetail).toHaveBeenCalledOnce()
})

test('stays to be read while it is loaded again with a new snapshot', async () => {
  const followed = await Followed.joined()
  followed.fetchDetail.mockResolvedValue(detail(t1, 10, { comments: [comment('a', 't1')] }))
  const look = new Look(followed)
  await settle()
  followed.fetchSnapshot.mockResolvedValue(snapshot({ seq: 20 }))
  followed.fetchDetail.mockResolvedValue(detail(t1, 20, { comments: [comment('b', 't1')] }))
  followed.hear(titled(11, 'unknown', 'does not fit'))
  expect([look.state, look.texts()]).toEqual(['ready', ['a']])
  await settle()
  expect([look.state, look.texts()]).toEqual(['ready', ['b']])
})

test('an answer from before the board is asked for again, but not for ever', async () => {
  const followed = await Followed.joined()
  followed.fetchDetail.mockResolvedValue(detail(t1, 9))
  const look = new Look(followed)
  await settle()
  expect(followed.fetchDetail).toHaveBeenCalledTimes(3)
  expect([look.state, look.problem?.code]).toEqual(['failed', 'resync'])
})

test('what failed is tried again on request and with the next connection', async () => {
  const followed = await Followed.joined()
  followed.fetchDetail.mockRejectedValue(problem(0, 'network'))
  const look = new Look(followed)
  await settle()
  expect([look.state, look.problem?.code]).toEqual(['failed', 'network'])
  followed.hear(titled(11, 't2', 'other'))
  expect(look.state).toBe('failed')
  followed.fetchDetail.mockResolvedValue(detail(t1, 11))
  followed.project.down()
  followed.project.up()
  expect(look.state).toBe('loading')
  await settle()
  expect(look.state).toBe('ready')
})

test('a task that goes while it is loaded is gone; what comes after closing is not taken', async () => {
  const followed = await Followed.joined()
  followed.fetchDetail.mockResolvedValue(detail(t1, 10, { comments: [comment('a', 't1')] }))
  const look = new Look(followed)
  followed.hear(change(11, [{ op: 'remove', kind: 'task', id: 't1' }]))
  await settle()
  expect([look.state, look.texts()]).toEqual(['gone', []])

  const t2 = task('t2', 'todo', 'a1')
  followed.fetchDetail.mockResolvedValue(detail(t2, 11, { comments: [comment('a', 't2')] }))
  const other = new Look(followed, 't2')
  followed.project.details.close('t2')
  await settle()
  expect([other.state, other.texts('t2'), followed.project.replica.texts.holds('t2')]).toEqual(['loading', [], false])
})
