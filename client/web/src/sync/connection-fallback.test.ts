import { describe, expect, test, vi } from 'vitest'
import { Connection } from './connection'
import { chance, credentials, events, last, network, settle, sockets, stage } from './testing/connection'
import { FakeNetwork, welcome } from './testing/socket'

stage()

describe('a network that lets no socket through', () => {
  let lines: FakeNetwork
  let blocked: boolean

  /** A connection whose sockets fail while `blocked`, beside a line that needs none. */
  async function without(): Promise<Connection> {
    blocked = true
    lines = new FakeNetwork()
    chance.random = 1
    const socket = () => {
      if (blocked) throw new Error('blocked')
      return network.current.open()
    }
    const options = { url: '', client: 'web', credentials, socket, fallback: lines.open, random: () => chance.random }
    const made = new Connection(options, events)
    made.start()
    await vi.advanceTimersByTimeAsync(3_500)
    return made
  }

  async function welcomed(): Promise<Connection> {
    const made = await without()
    lines.last.accept()
    lines.last.say(welcome({ heartbeat_s: 1_000 }))
    return made
  }

  test('after three attempts the line without one is used', async () => {
    const made = await without()
    expect([made.phase, made.polled, lines.sockets.length]).toEqual(['connecting', false, 1])
    lines.last.accept()
    expect(lines.last.sent).toMatchObject([{ type: 'hello', token: 't1' }])
    lines.last.say(welcome())
    expect([made.phase, made.polled]).toEqual(['up', true])
  })

  test('handshakes that fail or stay silent count, refusals of the server do not', async () => {
    blocked = false
    lines = new FakeNetwork()
    const options = {
      url: '',
      client: 'web',
      credentials,
      socket: network.current.open,
      fallback: lines.open,
      random: () => 0,
    }
    const made = new Connection(options, events)
    made.start()
    for (const code of [4110, 1006, 1006]) {
      await settle()
      last().drop(code)
    }
    await settle()
    expect(lines.sockets).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(10_001)
    expect([sockets().length, lines.sockets.length, made.phase]).toEqual([4, 1, 'connecting'])
  })

  test('where nothing answers at all, sockets are tried again first', async () => {
    const made = await without()
    blocked = false
    lines.last.drop()
    await vi.advanceTimersByTimeAsync(4_000)
    expect([lines.sockets.length, sockets().length]).toEqual([1, 1])
    last().say(welcome())
    expect([made.phase, made.polled]).toEqual(['up', false])
  })

  test('a network that is back is tried with a socket', async () => {
    const made = await without()
    lines.last.drop()
    blocked = false
    made.nudge()
    await settle()
    expect(sockets()).toHaveLength(1)
  })

  test('changes over to a socket as soon as one gets through', async () => {
    const made = await welcomed()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sockets()).toHaveLength(0)
    blocked = false
    await vi.advanceTimersByTimeAsync(31_000)
    expect([sockets().length, made.polled, events.down.mock.calls.length]).toEqual([1, true, 0])
    last().accept()
    expect(last().sent).toMatchObject([{ type: 'hello' }])
    last().say(welcome())
    expect([made.phase, made.polled, events.down.mock.calls.length, lines.last.closedWith]).toEqual([
      'up',
      false,
      1,
      1000,
    ])
    expect(events.up).toHaveBeenCalledTimes(2)
    made.send({ type: 'ping', at: 1 })
    await settle()
    expect(last().sentOf('ping')).toHaveLength(1)
  })

  test('sockets that open and say nothing change nothing', async () => {
    const made = await welcomed()
    blocked = false
    await vi.advanceTimersByTimeAsync(1_000)
    last().accept()
    await vi.advanceTimersByTimeAsync(10_000)
    expect([made.polled, last().closedWith]).toEqual([true, 1000])
    await vi.advanceTimersByTimeAsync(90_000)
    expect(sockets()).toHaveLength(2)
    made.stop()
    await vi.advanceTimersByTimeAsync(300_000)
    expect(sockets()).toHaveLength(2)
  })
})
