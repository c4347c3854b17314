/** A connection whose network and credentials are the test's. */

import { afterEach, beforeEach, vi } from 'vitest'
import type { Credentials } from '../connecting'
import { Connection } from '../connection'
import { FakeNetwork, welcome } from './socket'

export const network = { current: new FakeNetwork() }
export const events = { up: vi.fn(), received: vi.fn(), down: vi.fn(), changed: vi.fn() }
export const credentials = { token: vi.fn<Credentials['token']>(), renewToken: vi.fn<Credentials['renewToken']>() }
/** What the connection takes for chance. */
export const chance = { random: 0.5 }

/** Call once in a file of tests. */
export function stage(): void {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.resetAllMocks()
    network.current = new FakeNetwork()
    chance.random = 0.5
    credentials.token.mockResolvedValue('t1')
    credentials.renewToken.mockResolvedValue('t2')
  })
  afterEach(() => vi.useRealTimers())
}

export const sockets = () => network.current.sockets
export const last = () => network.current.last
export const settle = () => vi.advanceTimersByTimeAsync(0)

export function connection(): Connection {
  const options = {
    url: 'ws://host/v1/socket',
    client: 'web',
    credentials,
    socket: network.current.open,
    random: () => chance.random,
  }
  return new Connection(options, events)
}

export async function connected(): Promise<Connection> {
  const made = connection()
  made.start()
  await settle()
  last().accept()
  last().say(welcome())
  return made
}
