/** A session whose network, page and server are the test's. */

import { afterEach, beforeEach, vi } from 'vitest'
import type { Down } from '../../protocol/generated'
import type { ProjectEvents } from '../following'
import type { ProjectSync } from '../project'
import { SessionSync, type SessionOptions } from '../session'
import { NO_SHELF, type Shelf } from '../shelf'
import { settle } from './project'
import { EPOCH, ME, PROJECT, snapshot } from './records'
import { FakeNetwork, welcome } from './socket'

export const quiet: ProjectEvents = { touched() {}, changed() {}, rejected() {}, status() {}, presence() {} }

class Target extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible'
}

/** Those of the test that runs. */
export let network: FakeNetwork
export let page: { window: EventTarget; document: Target; navigator: { onLine: boolean } }
export const notified = vi.fn()
export const status = vi.fn()
export const source = { snapshot: vi.fn(() => Promise.resolve(snapshot())), taskDetail: vi.fn(), changes: vi.fn() }

/** Call once in a file of tests. */
export function stage(): void {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.clearAllMocks()
    network = new FakeNetwork()
    page = { window: new EventTarget(), document: new Target(), navigator: { onLine: true } }
  })
  afterEach(() => vi.useRealTimers())
}

export function session(more: Partial<SessionOptions> = {}): SessionSync {
  const credentials = { token: () => Promise.resolve('t'), renewToken: () => Promise.resolve('t') }
  const options = {
    url: 'ws://host/',
    client: 'web',
    credentials,
    source,
    shelf: NO_SHELF,
    user: ME,
    page,
    socket: network.open,
    random: () => 1,
    ...more,
  }
  const made = new SessionSync(options, { status, notified })
  made.start()
  return made
}

export async function connected(): Promise<void> {
  await settle()
  network.last.accept()
  network.last.say(welcome())
}

export function follow(made: SessionSync): ProjectSync {
  const project = made.follow(PROJECT, quiet)
  void made.begin(project)
  return project
}

export const joined: Down = { type: 'joined', project: PROJECT, epoch: EPOCH, seq: 10, mode: 'resumed' }

export async function live(shelf: Partial<Shelf> = {}): Promise<{ made: SessionSync; project: ProjectSync }> {
  const made = session({ shelf: { ...NO_SHELF, ...shelf } })
  const project = follow(made)
  await connected()
  await settle()
  network.last.say(joined)
  return { made, project }
}
