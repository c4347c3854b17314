import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Problem } from '../api/problem'
import type { Change, Down, Up } from '../protocol/generated'
import { PolledLine, type PolledSource } from './polled'
import { settle } from './testing/project'
import { EPOCH, ME, PROJECT, titled } from './testing/records'

const source = {
  me: vi.fn<PolledSource['me']>(),
  changes: vi.fn<PolledSource['changes']>(),
  submit: vi.fn<PolledSource['submit']>(),
}
const page = (head: number, ...changes: Change[]) => ({ epoch: EPOCH, head, changes })
const network = new Problem(0, 'network', 'offline')
let heard: Down[]
let closed: number[]

beforeEach(() => {
  vi.useFakeTimers()
  vi.resetAllMocks()
  heard = []
  closed = []
  source.me.mockResolvedValue({ id: ME, name: 'Me' })
  source.changes.mockResolvedValue(page(10))
  source.submit.mockResolvedValue({ seq: 11 })
})

afterEach(() => vi.useRealTimers())

function line(): { made: PolledLine; say: (...messages: Up[]) => void } {
  const made = new PolledLine(source, () => 0.5)
  made.onmessage = ({ data }) => heard.push(...(JSON.parse(data) as Down[]))
  made.onclose = ({ code }) => closed.push(code)
  return { made, say: (...messages) => made.send(JSON.stringify(messages)) }
}

const hello: Up = { type: 'hello', protocol: 1, token: 't' }
const join: Up = { type: 'join', project: PROJECT, since: 10, epoch: EPOCH }
const submit = (id: string): Up => ({ type: 'submit', id, project: PROJECT, commands: [] })
const heads = (seq: number): Down => ({ type: 'heads', projects: { [PROJECT]: seq }, inbox_seq: 0 })
const joined = (mode: 'resumed' | 'resync'): Down => ({ type: 'joined', project: PROJECT, epoch: EPOCH, seq: 10, mode })
const of = <T extends Down['type']>(type: T) => heard.filter((each) => each.type === type)

describe('the line', () => {
  test('opens, and welcomes whoever says hello', async () => {
    const { made, say } = line()
    made.onopen = () => say(hello)
    await settle()
    expect(heard).toMatchObject([{ type: 'welcome', user: { id: ME, name: 'Me' }, heartbeat_s: 60 }])
  })

  test.each([
    ['no answer', network, 1006],
    ['a page of somebody else', new Problem(502, 'unreadable', ''), 1006],
    ['a server that is not well', new Problem(503, 'unavailable', ''), 1006],
    ['a sign-in that is over', new Problem(401, 'token_invalid', ''), 4001],
  ])('%s is its end', async (_, problem, code) => {
    source.me.mockRejectedValue(problem)
    line().say(hello)
    await settle()
    expect([heard, closed]).toEqual([[], [code]])
  })

  test('answers a ping and asks at once', async () => {
    const { say } = line()
    say(join)
    await settle()
    say({ type: 'ping', at: 1 }, { type: 'presence', project: PROJECT, state: {} })
    await settle()
    expect([of('pong'), source.changes.mock.calls.length]).toEqual([[{ type: 'pong', at: 1 }], 2])
  })

  test('says nothing after it was closed', async () => {
    const { made, say } = line()
    say(hello, join, submit('a'))
    made.close()
    source.changes.mockRejectedValue(network)
    await vi.advanceTimersByTimeAsync(60_000)
    expect([heard, closed, source.submit.mock.calls.length]).toEqual([[], [], 0])
  })
})

describe('following', () => {
  test('P3: joins from where it is and goes on from the last change, until the head at once', async () => {
    source.changes.mockResolvedValueOnce(page(13, titled(11, 't1', 'a'), titled(12, 't1', 'b')))
    source.changes.mockResolvedValueOnce(page(13, titled(13, 't1', 'c')))
    line().say(join)
    await settle()
    expect(heard).toEqual([
      joined('resumed'),
      titled(11, 't1', 'a'),
      titled(12, 't1', 'b'),
      heads(12),
      titled(13, 't1', 'c'),
      heads(13),
    ])
    expect(source.changes.mock.calls.map(([, since, , epoch]) => [since, epoch])).toEqual([
      [10, EPOCH],
      [12, EPOCH],
    ])
  })

  test('asks ever more rarely while nothing happens, at least every half minute', async () => {
    line().say(join)
    await vi.advanceTimersByTimeAsync(10_000)
    const soon = source.changes.mock.calls.length
    await vi.advanceTimersByTimeAsync(600_000)
    const before = source.changes.mock.calls.length
    await vi.advanceTimersByTimeAsync(300_000)
    expect([soon, source.changes.mock.calls.length - before]).toEqual([4, 10])
  })

  test('what is too old is a resync, what is gone an error', async () => {
    const { say } = line()
    source.changes.mockRejectedValueOnce(new Problem(410, 'resync', ''))
    say(join)
    await settle()
    source.changes.mockRejectedValueOnce(new Problem(404, 'not_found', 'no'))
    say(join)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(heard).toEqual([
      joined('resync'),
      { type: 'error', re: 'join', project: PROJECT, code: 'not_found', message: 'no' },
    ])
    expect(source.changes).toHaveBeenCalledTimes(2)
  })

  test('a server that asks for patience gets it', async () => {
    source.changes.mockRejectedValueOnce(new Problem(429, 'rate', '', [], 9_000))
    line().say(join)
    await vi.advanceTimersByTimeAsync(8_999)
    expect([heard, closed]).toEqual([[], []])
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toEqual([joined('resumed'), heads(10)])
  })

  test('a project that is left, or joined anew, is asked about no more', async () => {
    const { say } = line()
    say(join, { ...join, since: 12 } as Up)
    await settle()
    expect(of('joined')).toMatchObject([{ seq: 12 }])
    say({ type: 'leave', project: PROJECT })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(source.changes).toHaveBeenCalledTimes(2)
  })
})

describe('submits', () => {
  test('P8: go one after the other, and what they changed is asked for at once', async () => {
    const { say } = line()
    say(join)
    await settle()
    let first = (_: { seq: number }) => {}
    source.submit.mockImplementationOnce(() => new Promise((resolve) => (first = resolve)))
    source.submit.mockResolvedValueOnce({ seq: 11, noop: true })
    say(submit('a'), submit('b'))
    await settle()
    expect(source.submit).toHaveBeenCalledTimes(1)
    source.changes.mockResolvedValue(page(11, titled(11, 't1', 'mine', 'a')))
    first({ seq: 11 })
    await settle()
    expect(source.submit.mock.calls.map(([, id]) => id)).toEqual(['a', 'b'])
    expect(of('ack')).toEqual([
      { type: 'ack', id: 'a', project: PROJECT, seq: 11 },
      { type: 'ack', id: 'b', project: PROJECT, seq: 11, noop: true },
    ])
    expect(of('change')[0]).toMatchObject({ id: 'a' })
  })

  test('P1: a refusal is told in full, no answer ends the line', async () => {
    const { say } = line()
    source.submit.mockRejectedValueOnce(new Problem(409, 'conflict', 'no', [], null, { title: 'theirs' }))
    source.submit.mockRejectedValueOnce(new Problem(503, 'overloaded', 'full', [], 2_000))
    source.submit.mockRejectedValueOnce(network)
    say(submit('a'), submit('b'), submit('c'), submit('d'))
    await settle()
    expect(heard).toMatchObject([
      { type: 'reject', id: 'a', code: 'conflict', retryable: false, current: { title: 'theirs' } },
      { type: 'reject', id: 'b', code: 'overloaded', retryable: true, retry_ms: 2_000 },
    ])
    expect([closed, source.submit.mock.calls.length]).toEqual([[1006], 3])
  })
})
