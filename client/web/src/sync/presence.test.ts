import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PresentSession } from '../protocol/generated'
import { Presence } from './presence'
import { PROJECT } from './testing/records'

let sent: unknown[] = []

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
})

afterEach(() => vi.useRealTimers())

function present(session: string, state: PresentSession['state'] = {}): PresentSession {
  return { session, user: { id: session, name: session }, client: 'web', state }
}

function heard(presence: Presence, ...sessions: PresentSession[]): void {
  presence.receive({ type: 'presence', project: PROJECT, sessions })
}

test('differences build on the list, null means gone, we ourselves are left out', () => {
  const presence = new Presence(() => {})
  presence.open()
  heard(presence, present('me'), present('b'), present('a'))
  heard(presence, present('b', { task: 't1' }), present('a', null))
  expect(presence.others('me')).toEqual([present('b', { task: 't1' })])
})

test('a new join starts from its own list', () => {
  const presence = new Presence(() => {})
  presence.open()
  heard(presence, present('a'))
  presence.close()
  expect(presence.others(null)).toEqual([])
  presence.open()
  heard(presence, present('b'))
  expect(presence.others(null)).toEqual([present('b')])
})

test('at most ten states a second, the latest wins', () => {
  const presence = new Presence((state) => sent.push(state))
  presence.open()
  for (let i = 0; i < 100; i++) {
    presence.set({ task: `t${i}` })
    vi.advanceTimersByTime(10)
  }
  expect(sent.length).toBeLessThanOrEqual(10)
  vi.advanceTimersByTime(200)
  expect(sent.at(-1)).toEqual({ task: 't99' })
})

test('what was set while apart is told at the join, and again at the next one', () => {
  const presence = new Presence((state) => sent.push(state))
  presence.open()
  presence.close()
  presence.set({ task: 't1' })
  expect(sent).toEqual([])
  presence.open()
  presence.close()
  presence.open()
  expect(sent).toEqual([{ task: 't1' }, { task: 't1' }])
})
