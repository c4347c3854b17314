import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Snapshot } from '../protocol/generated'
import { NO_SHELF, type Shelf } from './shelf'
import { Followed, problem, settle } from './testing/project'
import { EPOCH, PROJECT, change, snapshot, task, titled } from './testing/records'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const kept: Snapshot[] = []
const dropped: string[] = []
const shelf = (board: Snapshot | null = null): Shelf => ({
  ...NO_SHELF,
  board: () => Promise.resolve(board),
  keep: (each) => kept.push(structuredClone(each)),
  drop: (project) => dropped.push(project),
})

beforeEach(() => {
  kept.length = 0
  dropped.length = 0
})

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
const sorted = (board: Snapshot) => ({ ...board, tasks: [...board.tasks].sort(byId) })

describe('keeping', () => {
  test('a moment after the last of many changes, the facts without predictions', async () => {
    const followed = await Followed.joined(shelf())
    void followed.project.submit([
      { type: 'update_task', id: 't1', title: 'mine' },
      { type: 'delete_task', id: 't2' },
      { type: 'create_task', id: 't9', column_id: 'todo', title: 'new' },
    ])
    followed.hear(titled(11, 't3', 'one'))
    followed.hear(change(12, [{ op: 'put', kind: 'task', record: task('t4', 'done', 'a1') }]))
    expect(kept).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    const t3 = { ...snapshot().tasks[2]!, title: 'one' }
    const tasks = [...snapshot().tasks.slice(0, 2), t3, task('t4', 'done', 'a1')]
    expect(kept.map(sorted)).toEqual([snapshot({ seq: 12, tasks })])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(kept).toHaveLength(1)
  })

  test('at once when the page may go or the board is left, if there is anything new', async () => {
    const followed = await Followed.joined(shelf())
    followed.project.keep()
    followed.project.keep()
    followed.hear(titled(11, 't1', 'one'))
    followed.project.close()
    expect(kept.map(({ seq }) => seq)).toEqual([10, 11])
  })

  test('a large board is written rarely', async () => {
    const followed = await Followed.joined(shelf())
    const record = (_: unknown, i: number) => task(`n${i}`, 'done', `a${i}`)
    followed.hear(
      change(
        11,
        Array.from({ length: 5_000 }, record).map((record) => ({ op: 'put', kind: 'task', record })),
      ),
    )
    await vi.advanceTimersByTimeAsync(1_000)
    followed.hear(titled(12, 't1', 'one'))
    await vi.advanceTimersByTimeAsync(4_999)
    expect(kept).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(100)
    expect(kept).toHaveLength(2)
  })

  test('a project that is gone is forgotten', async () => {
    const followed = await Followed.joined(shelf())
    followed.say({ type: 'left', project: PROJECT, reason: 'removed' })
    await vi.advanceTimersByTimeAsync(60_000)
    followed.project.close()
    expect([kept, dropped]).toEqual([[], [PROJECT]])
  })
})

describe('a kept board', () => {
  test('is shown before anything was asked, and joined from where it was', async () => {
    const followed = await Followed.joined(shelf(snapshot({ seq: 7 })))
    expect(followed.fetchSnapshot).not.toHaveBeenCalled()
    expect(followed.sentOf('join')).toMatchObject([{ since: 7, epoch: EPOCH }])
    expect([followed.project.state, followed.project.current]).toEqual(['ready', true])
  })

  test('is shown without a network, with what waits on top', async () => {
    const left = { id: 'old', at: '', commands: [{ type: 'update_task' as const, id: 't1', title: 'left' }] }
    const followed = new Followed({ ...shelf(snapshot()), all: () => Promise.resolve([left]) })
    followed.fetchSnapshot.mockRejectedValue(problem(0, 'network'))
    void followed.project.open()
    await settle()
    expect([followed.project.state, followed.title(), followed.project.waiting]).toEqual(['ready', 'left', 1])
    expect(followed.fetchSnapshot).not.toHaveBeenCalled()
  })

  test('that is too old gives way to a new one', async () => {
    const followed = new Followed(shelf(snapshot({ seq: 7 })))
    followed.project.up()
    void followed.project.open()
    await settle()
    followed.join('resync')
    await settle()
    expect(followed.sentOf('join').map(({ since }) => since)).toEqual([7, 10])
  })

  test('that comes after the board was left is not shown', async () => {
    const followed = new Followed(shelf(snapshot()))
    void followed.project.open()
    followed.project.close()
    await settle()
    expect([followed.project.state, kept]).toEqual(['loading', []])
  })
})
