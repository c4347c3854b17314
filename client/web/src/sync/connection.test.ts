import { describe, expect, test, vi } from 'vitest'
import { Problem } from '../api/problem'
import { type Down } from '../protocol/generated'
import { chance, connected, connection, credentials, events, last, settle, sockets, stage } from './testing/connection'
import { welcome } from './testing/socket'

stage()

describe('opening', () => {
  test('says hello with the token in the first message and is up with the welcome', async () => {
    const made = connection()
    made.start()
    made.start()
    await settle()
    expect(sockets()).toHaveLength(1)
    last().accept()
    expect(last().sent).toEqual([{ type: 'hello', protocol: 1, token: 't1', client: 'web' }])
    expect(made.phase).toBe('connecting')
    last().say(welcome())
    expect(made.phase).toBe('up')
    expect(events.up).toHaveBeenCalledOnce()
  })

  test('hands on each frame whole', async () => {
    await connected()
    const frame: Down[] = [
      { type: 'pong', at: 1 },
      { type: 'pong', at: 2 },
    ]
    last().say(...frame)
    expect(events.received).toHaveBeenLastCalledWith(frame)
  })

  test('gives up an attempt that is not welcomed in 10 s', async () => {
    const made = connection()
    made.start()
    await settle()
    await vi.advanceTimersByTimeAsync(9_999)
    expect(made.phase).toBe('connecting')
    await vi.advanceTimersByTimeAsync(1)
    expect(made.phase).toBe('waiting')
  })

  test('tries again when no token can be had, and ends when the sign-in has ended', async () => {
    credentials.token.mockRejectedValueOnce(new Problem(0, 'network', ''))
    const made = connection()
    made.start()
    await settle()
    expect(made.phase).toBe('waiting')
    credentials.token.mockRejectedValueOnce(new Problem(401, 'token_invalid', 'signed out'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(made.phase).toBe('ended')
    expect(made.ended).toEqual({ code: 4001, reason: 'signed out' })
    expect(sockets()).toHaveLength(0)
  })
})

describe('sending', () => {
  test('what is said in one turn is one frame, in order', async () => {
    const made = await connected()
    made.send({ type: 'ping', at: 1 })
    made.send({ type: 'ping', at: 2 })
    await settle()
    expect(last().frames.slice(1)).toEqual(['[{"type":"ping","at":1},{"type":"ping","at":2}]'])
  })

  test('a frame keeps within the limit of the protocol', async () => {
    const made = await connected()
    for (let i = 0; i < 5; i++) made.send({ type: 'ping', at: '€'.repeat(100_000) })
    await settle()
    const bytes = last()
      .frames.slice(1)
      .map((frame) => new TextEncoder().encode(frame).length)
    expect(bytes).toHaveLength(3)
    expect(Math.max(...bytes)).toBeLessThan(768 * 1024)
    expect(last().sentOf('ping')).toHaveLength(5)
  })

  test('what is said while down is dropped: whoever needs an answer says it again', async () => {
    const made = await connected()
    made.send({ type: 'ping', at: 1 })
    last().drop()
    made.send({ type: 'ping', at: 2 })
    await vi.advanceTimersByTimeAsync(1_000)
    last().accept()
    last().say(welcome())
    await settle()
    expect(sockets().flatMap((socket) => socket.sentOf('ping'))).toEqual([])
  })
})

describe('reconnecting', () => {
  test.each([
    ['a lost connection waits up to 0.5 s', 1006, 500],
    ['4110 overloaded waits up to 0.5 s', 4110, 500],
    ['4200 drain comes back within 1 s', 4200, 1_000],
    ['4205 no heartbeat comes back within 1 s', 4205, 1_000],
  ])('%s', async (_, code, most) => {
    const made = await connected()
    chance.random = 1
    last().drop(code)
    expect(events.down).toHaveBeenCalledOnce()
    expect(made.phase).toBe('waiting')
    await vi.advanceTimersByTimeAsync(most - 1)
    expect(sockets()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(sockets()).toHaveLength(2)
  })

  test('waits double with each attempt, to 30 s, and starts over after 10 s of connection', async () => {
    chance.random = 1
    const made = connection()
    made.start()
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      await settle()
      const before = Date.now()
      const attempts = sockets().length
      last().drop()
      while (sockets().length === attempts) await vi.advanceTimersByTimeAsync(500)
      waits.push(Date.now() - before)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    last().say(welcome())
    await vi.advanceTimersByTimeAsync(9_999)
    expect(made.attempts).toBe(9)
    await vi.advanceTimersByTimeAsync(1)
    expect(made.attempts).toBe(0)
  })

  test.each([4000, 4003, 4004])('%i does not come back', async (code) => {
    const made = await connected()
    last().drop(code, 'why')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(made.ended).toEqual({ code, reason: 'why' })
    expect(sockets()).toHaveLength(1)
  })

  test('4001 is tried once more with a renewed token', async () => {
    const made = await connected()
    last().drop(4001)
    await settle()
    last().accept()
    expect(last().sent).toEqual([expect.objectContaining({ type: 'hello', token: 't2' })])
    last().drop(4001, 'no')
    expect(made.phase).toBe('ended')
  })

  test('4101 comes back with a renewed token', async () => {
    await connected()
    last().drop(4101)
    await vi.advanceTimersByTimeAsync(1_000)
    last().accept()
    expect(last().sent).toEqual([expect.objectContaining({ token: 't2' })])
  })

  test('a nudge cuts the wait short', async () => {
    const made = await connected()
    last().drop()
    made.nudge()
    await settle()
    expect(sockets()).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(sockets()).toHaveLength(2)
  })

  test('a server that is asked too often for tokens is left alone as long as it says', async () => {
    credentials.token.mockRejectedValueOnce(new Problem(429, 'rate', '', [], 3_000))
    chance.random = 0
    connection().start()
    await vi.advanceTimersByTimeAsync(2_999)
    expect(sockets()).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(sockets()).toHaveLength(1)
  })

  test('a drain leaves within its time, and is no failed attempt', async () => {
    const made = await connected()
    last().say({ type: 'drain', within_ms: 4_000 })
    await vi.advanceTimersByTimeAsync(1_999)
    expect(made.phase).toBe('up')
    await vi.advanceTimersByTimeAsync(1)
    expect(made.phase).toBe('waiting')
    expect([last().closedWith, made.attempts]).toEqual([4200, 1])
  })

  test('a drain that the server cut short changes nothing later', async () => {
    const made = await connected()
    last().say({ type: 'drain', within_ms: 20_000 })
    last().drop(4200)
    await vi.advanceTimersByTimeAsync(1_000)
    last().accept()
    last().say(welcome({ heartbeat_s: 100 }))
    await vi.advanceTimersByTimeAsync(20_000)
    expect(made.phase).toBe('up')
  })

  test('stop closes and stays closed', async () => {
    const made = await connected()
    made.stop()
    expect(last().closedWith).toBe(1000)
    expect(events.down).toHaveBeenCalledOnce()
    made.nudge()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sockets()).toHaveLength(1)
  })

  test('stop while a token is fetched opens nothing', async () => {
    const made = connection()
    made.start()
    made.stop()
    await settle()
    expect(sockets()).toHaveLength(0)
    expect(made.phase).toBe('ended')
  })
})

describe('liveness', () => {
  test('1.5 heartbeats of silence are the end, any message is life', async () => {
    const made = await connected()
    await vi.advanceTimersByTimeAsync(29_000)
    last().say({ type: 'heads', projects: {}, inbox_seq: 0 })
    await vi.advanceTimersByTimeAsync(29_999)
    expect(made.phase).toBe('up')
    await vi.advanceTimersByTimeAsync(1)
    expect(made.phase).toBe('waiting')
    expect(last().closedWith).toBe(4205)
  })

  test('a nudge asks the server, which must answer within 5 s', async () => {
    const made = await connected()
    made.nudge()
    await settle()
    expect(last().sentOf('ping')).toHaveLength(1)
    last().say({ type: 'pong', at: null })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(made.phase).toBe('up')
    made.nudge()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(made.phase).toBe('waiting')
  })

  test('a line on which nothing came while the machine slept is given up at once', async () => {
    const made = await connected()
    vi.setSystemTime(Date.now() + 30_000)
    made.nudge()
    await settle()
    expect([made.phase, sockets().length, sockets()[0]!.closedWith]).toEqual(['connecting', 2, 4205])
    expect(events.down).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(sockets()).toHaveLength(2)
  })

  test('the token is renewed when the server says so', async () => {
    const made = await connected()
    last().say({ type: 'auth_soon', expires_at: '2026-05-12T10:00:00Z' })
    await settle()
    expect(last().sentOf('auth')).toEqual([{ type: 'auth', token: 't2' }])
    credentials.renewToken.mockRejectedValueOnce(new Problem(0, 'network', ''))
    last().say({ type: 'auth_soon', expires_at: '2026-05-12T10:00:00Z' })
    await settle()
    expect(made.phase).toBe('up')
    credentials.renewToken.mockRejectedValueOnce(new Problem(401, 'token_invalid', 'gone'))
    last().say({ type: 'auth_soon', expires_at: '2026-05-12T10:00:00Z' })
    await settle()
    expect(made.ended).toEqual({ code: 4001, reason: 'gone' })
  })
})
