import { flushSync } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SessionOptions } from '../sync/session'
import { NO_SHELF } from '../sync/shelf'
import { settle } from '../sync/testing/project'
import { EPOCH, JOB_NEWS, ME, PROJECT, comment, detail, snapshot, task, titled } from '../sync/testing/records'
import { FakeNetwork, welcome } from '../sync/testing/socket'
import { LiveSession } from './session.svelte'

let network: FakeNetwork

beforeEach(() => {
  vi.useFakeTimers()
  network = new FakeNetwork()
})

afterEach(() => vi.useRealTimers())

function session(): LiveSession {
  const options: SessionOptions = {
    url: 'ws://host/',
    client: 'web',
    credentials: { token: () => Promise.resolve('t'), renewToken: () => Promise.resolve('t') },
    source: {
      snapshot: () => Promise.resolve(snapshot()),
      changes: () => Promise.resolve({ changes: [] }),
      taskDetail: () => Promise.resolve(detail(task('t1', 'todo', 'a0'), 10, { comments: [comment('k', 't1')] })),
    },
    shelf: NO_SHELF,
    socket: network.open,
    random: () => 1,
  }
  return new LiveSession(options)
}

async function live() {
  const made = session()
  const board = made.open(PROJECT)
  await settle()
  network.last.accept()
  network.last.say(welcome())
  await settle()
  network.last.say({ type: 'joined', project: PROJECT, epoch: EPOCH, seq: 10, mode: 'resumed' })
  return { made, board }
}

test('a board goes from loading to live, and knows who we are', async () => {
  const made = session()
  const board = made.open(PROJECT)
  expect(made.open(PROJECT)).toBe(board)
  const seen: string[] = []
  const end = $effect.root(() => {
    $effect(() => void seen.push(`${board.state} ${made.connection.state} ${board.store.role}`))
  })
  flushSync()
  await settle()
  flushSync()
  network.last.accept()
  network.last.say(welcome())
  network.last.say({ type: 'joined', project: PROJECT, epoch: EPOCH, seq: 10, mode: 'resumed' })
  flushSync()
  end()
  expect(seen).toEqual(['loading catching_up null', 'ready catching_up null', 'ready live admin'])
  expect([made.user, board.seq]).toEqual([{ id: ME, name: 'Me' }, 10])
})

test('a submit shows in the same turn; a refusal leaves a rejection until it is dismissed', async () => {
  const { made, board } = await live()
  const outcome = board.submit({ type: 'update_task', id: 't1', title: 'mine' })
  expect([board.store.task('t1')?.title, made.connection.waiting]).toEqual(['mine', 1])
  await settle()
  const { id } = network.last.sentOf('submit')[0]!
  network.last.say({ type: 'reject', project: PROJECT, id, code: 'conflict', message: 'no', retryable: false })
  await expect(outcome).rejects.toMatchObject({ code: 'conflict' })
  expect(board.rejections).toMatchObject([{ id, texts: ['mine'] }])
  board.dismiss(id)
  expect([board.rejections, board.store.task('t1')?.title, made.connection.waiting]).toEqual([[], 't1', 0])
})

test('listeners hear changes until they leave', async () => {
  const { board } = await live()
  const heard: [number, boolean][] = []
  const leave = board.onChange(({ seq }, own) => heard.push([seq, own]))
  network.last.say(titled(11, 't1', 'one'))
  leave()
  network.last.say(titled(12, 't1', 'two'))
  expect(heard).toEqual([[11, false]])
})

test('presence shows the others and tells them of us', async () => {
  const { board } = await live()
  const ann = { session: 's2', user: { id: 'u2', name: 'Ann' }, client: 'web', state: { task: 't1' } }
  const self = { session: 's1', user: { id: ME, name: 'Me' }, client: 'web', state: {} }
  network.last.say({ type: 'presence', project: PROJECT, sessions: [ann, self] })
  expect(board.presence).toEqual([ann])
  board.setPresence({ typing: true })
  await settle()
  expect(network.last.sentOf('presence')).toMatchObject([{ state: { typing: true } }])
})

test('a detail is loaded, shared while open, and let go', async () => {
  const { board } = await live()
  const open = board.detail('t1')
  expect([board.detail('t1'), open.state]).toEqual([open, 'loading'])
  await settle()
  expect([open.state, open.problem, open.description, open.comments.length, open.checklist.length]).toEqual([
    'ready',
    null,
    '',
    1,
    0,
  ])
  open.reload()
  open.look()()
  expect(board.detail('t1')).not.toBe(open)
  expect(board.detail('t1').state).toBe('ready')
})

test('notifications reach who listens; closing closes all', async () => {
  const { made, board } = await live()
  const heard: unknown[] = []
  made.onNotification((notification) => heard.push(notification))
  network.last.say({ type: 'notification', notification: JOB_NEWS })
  expect(heard).toEqual([JOB_NEWS])
  made.close()
  expect([network.last.closedWith, made.connection.state, made.connection.ended?.code]).toEqual([1000, 'offline', 1000])
  expect(board.problem).toBeNull()
})
