import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DetailState } from './details'
import { TEXTS_UNITS_MAX } from './keeping'
import { NO_SHELF, type Shelf } from './shelf'
import { Followed, problem, settle } from './testing/project'
import { EPOCH, change, comment, detail, snapshot, task } from './testing/records'
import type { Texts } from './texts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const t1 = task('t1', 'todo', 'a0')
let kept: Map<string, Texts>
beforeEach(() => void (kept = new Map()))

const shelf = (seq: number | null = null): Shelf => ({
  ...NO_SHELF,
  board: () => Promise.resolve(seq === null ? null : snapshot({ seq })),
  texts: () => Promise.resolve([...kept.values()]),
  keepTexts: (_, texts) => void kept.set(texts.task, structuredClone(texts)),
  dropTexts: (_, task) => void kept.delete(task),
})

const words = () =>
  [...kept.values()].map(({ task, seq, comments }) => [task, seq, ...comments.map(({ text }) => text)])
const said = (seq: number, id: string) => change(seq, [{ op: 'put', kind: 'comment', record: comment(id, 't1') }])
const pause = () => vi.advanceTimersByTimeAsync(1_000)

function texts(more: Partial<Texts> = {}): Texts {
  const none = { description: null, comments: [], checklist_items: [], attachments: [] }
  return { task: 't1', epoch: EPOCH, seq: 10, ...none, ...more }
}

function look(followed: Followed) {
  const seen = { state: 'loading' as DetailState, problem: null as string | null, texts: () => [] as string[] }
  followed.project.details.open('t1', (state, problem) =>
    Object.assign(seen, { state, problem: problem?.code ?? null }),
  )
  seen.texts = () => followed.project.replica.view.comments.of('t1').map(({ text }) => text)
  return seen
}

async function opened(from: Shelf): Promise<Followed> {
  const followed = new Followed(from)
  followed.fetchDetail.mockRejectedValue(problem(0, 'network'))
  void followed.project.open()
  await settle()
  return followed
}

test('texts of a card that was opened are kept, and kept current after it was closed', async () => {
  const followed = await Followed.joined(shelf())
  followed.fetchDetail.mockResolvedValue(detail(t1, 10, { comments: [comment('a', 't1')] }))
  look(followed)
  await settle()
  await pause()
  expect(words()).toEqual([['t1', 10, 'a']])
  followed.project.details.close('t1')
  followed.hear(said(11, 'b'))
  await pause()
  expect(words()).toEqual([['t1', 11, 'a', 'b']])
  void followed.project.submit([{ type: 'add_comment', id: 'mine', task_id: 't1', text: 'not saved' }])
  followed.hear(change(12, [{ op: 'remove', kind: 'comment', id: 'a' }]))
  await pause()
  expect(words()).toEqual([['t1', 12, 'b']])
  followed.hear(change(13, [{ op: 'remove', kind: 'task', id: 't1' }]))
  await pause()
  expect(words()).toEqual([])
})

test('texts too large to keep are not kept', async () => {
  const followed = await Followed.joined(shelf())
  const description = { id: 't1', text: 'x'.repeat(TEXTS_UNITS_MAX + 1) }
  followed.fetchDetail.mockResolvedValue(detail(t1, 10, { description }))
  look(followed)
  await settle()
  await pause()
  expect(kept.size).toBe(0)
})

test('without a network a card shows what was kept, says so, and is loaded when it can be', async () => {
  kept.set('t1', texts({ seq: 5, comments: [comment('a', 't1')] }))
  const followed = await opened(shelf(10))
  const seen = look(followed)
  await settle()
  expect([seen.state, seen.problem, seen.texts()]).toEqual(['ready', 'network', ['a']])
  void followed.project.submit([{ type: 'add_comment', id: 'c', task_id: 't1', text: 'mine' }])
  expect(seen.texts().sort()).toEqual(['a', 'mine'])
  followed.fetchDetail.mockResolvedValue(detail(t1, 10, { comments: [comment('b', 't1')] }))
  followed.project.up()
  await settle()
  expect([seen.state, seen.problem, seen.texts().sort()]).toEqual(['ready', null, ['b', 'mine']])
})

test('what was kept of cards that are not open is kept current too', async () => {
  kept.set('t1', texts({ comments: [comment('a', 't1')] }))
  const followed = await opened(shelf(10))
  followed.project.up()
  followed.join()
  followed.hear(said(11, 'b'))
  await pause()
  expect(words()).toEqual([['t1', 11, 'a', 'b']])
  const seen = look(followed)
  expect([seen.state, seen.texts(), followed.fetchDetail.mock.calls.length]).toEqual(['ready', ['a', 'b'], 0])
})

test('what was kept of another epoch or of a card that is gone is not shown, and goes', async () => {
  kept.set('t1', texts({ epoch: 'old', comments: [comment('a', 't1')] }))
  kept.set('gone', texts({ task: 'gone' }))
  const followed = await opened(shelf(10))
  const seen = look(followed)
  await settle()
  expect([seen.state, seen.texts()]).toEqual(['failed', []])
  followed.project.keep()
  expect(kept.size).toBe(0)
})
