import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Code, Command, RejectMessage, SubmitMessage } from '../protocol/generated'
import { Outbox } from './outbox'
import type { Pending } from './replica'
import { NO_SHELF, type Shelf } from './shelf'
import { AT, PROJECT } from './testing/records'

let sent: SubmitMessage[] = []

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
})

afterEach(() => vi.useRealTimers())

function outbox(shelf: Shelf = NO_SHELF): Outbox {
  return new Outbox(PROJECT, (submit) => sent.push(submit), shelf)
}

function opened(...ids: string[]): Outbox {
  const made = outbox()
  made.open()
  for (const id of ids) made.add(pending(id))
  return made
}

function pending(id: string, command: Command = { type: 'update_task', id, title: id }): Pending {
  return { id, at: AT, commands: [command] }
}

function describing(id: string, text: string, base_seq: number): Pending {
  return pending(id, { type: 'describe_task', id: 't1', text, base_seq })
}

function refusal(id: string, code: Code, more: Partial<RejectMessage> = {}): RejectMessage {
  const retryable = ['rate', 'overloaded', 'unavailable', 'internal'].includes(code)
  return { type: 'reject', project: PROJECT, id, code, message: '', retryable, ...more }
}

const ids = () => sent.map(({ id }) => id)

describe('sending', () => {
  test('waits until the project is joined, then sends in order, once', () => {
    const made = outbox()
    made.add(pending('a'))
    made.add(pending('b'))
    expect(ids()).toEqual([])
    made.open()
    made.add(pending('c'))
    expect(ids()).toEqual(['a', 'b', 'c'])
    expect(made.waiting).toBe(3)
  })

  test('an answered submit waits no more', () => {
    const made = opened('a', 'b')
    made.acked('a', 11)
    expect(made.refused(refusal('b', 'conflict'))).toBe('final')
    expect(made.waiting).toBe(0)
  })

  test('after a lost connection all that is unanswered goes again with the same ids', () => {
    const made = opened('a', 'b')
    made.acked('a', 11)
    made.close()
    made.add(pending('c'))
    made.open()
    expect(ids()).toEqual(['a', 'b', 'b', 'c'])
    expect(sent[1]).toEqual(sent[2])
  })

  test('what an earlier visit left goes first, and is not doubled', () => {
    const made = outbox()
    made.add(pending('b'))
    made.restore([pending('a'), pending('b')])
    made.open()
    expect(ids()).toEqual(['a', 'b'])
  })

  test('abandoning gives back all that was in it', () => {
    const made = opened('a', 'b')
    expect(made.abandon().map(({ id }) => id)).toEqual(['a', 'b'])
    expect(made.waiting).toBe(0)
  })
})

describe('trying again', () => {
  test('a retryable refusal sends it and all behind it once more, in order, after the time that was named', () => {
    const made = opened('a', 'b', 'c')
    made.acked('a', 11)
    expect(made.refused(refusal('b', 'rate', { retry_ms: 2_000 }))).toBe('again')
    vi.advanceTimersByTime(1_999)
    made.add(pending('d'))
    expect(ids()).toEqual(['a', 'b', 'c'])
    vi.advanceTimersByTime(1)
    expect(ids()).toEqual(['a', 'b', 'c', 'b', 'c', 'd'])
  })

  test('a refusal that was only due to the failure before it is not believed', () => {
    const made = opened('a', 'b')
    made.refused(refusal('a', 'unavailable'))
    expect(made.refused(refusal('b', 'not_found'))).toBe('stale')
    vi.advanceTimersByTime(500)
    made.acked('a', 11)
    made.acked('b', 12)
    expect(made.waiting).toBe(0)
  })

  test('of two sendings the last answer counts', () => {
    const made = opened('a', 'b')
    made.refused(refusal('a', 'unavailable', { retry_ms: 10 }))
    vi.advanceTimersByTime(10)
    expect(made.refused(refusal('b', 'not_found'))).toBe('stale')
    expect(made.refused(refusal('b', 'not_found'))).toBe('final')
  })

  test('waits longer each time, to 15 s', () => {
    const made = opened('a')
    const waits: number[] = []
    for (let i = 0; i < 7; i++) {
      made.refused(refusal('a', 'unavailable'))
      const before = Date.now()
      vi.advanceTimersToNextTimer()
      waits.push(Date.now() - before)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
  })

  test('a submit on which the server fails five times is given up, so that others get through', () => {
    const made = opened('a', 'b')
    const verdicts = Array.from({ length: 5 }, () => {
      const verdict = made.refused(refusal('a', 'internal'))
      if (verdict === 'again') made.refused(refusal('b', 'internal'))
      vi.advanceTimersByTime(15_000)
      return verdict
    })
    expect(verdicts).toEqual(['again', 'again', 'again', 'again', 'final'])
    expect(made.waiting).toBe(1)
  })

  test('a lost connection ends the wait', () => {
    const made = opened('a')
    made.refused(refusal('a', 'rate', { retry_ms: 60_000 }))
    made.close()
    made.open()
    expect(ids()).toEqual(['a', 'a'])
  })

  test('an answer to something unknown is stale', () => {
    expect(opened().refused(refusal('x', 'conflict'))).toBe('stale')
    opened().acked('x', 1)
  })
})

describe('edits on top of own edits', () => {
  const bases = () => sent.map(({ id, commands }) => [id, (commands[0] as { base_seq: number }).base_seq])

  test('wait for the one below and take its change as their base', () => {
    const made = opened()
    made.add(describing('a', 'one', 10))
    made.add(describing('b', 'two', 10))
    made.add(pending('c'))
    expect(ids()).toEqual(['a'])
    made.acked('a', 14)
    expect(bases().slice(0, 2)).toEqual([
      ['a', 10],
      ['b', 14],
    ])
    expect(ids()).toEqual(['a', 'b', 'c'])
  })

  test('of other fields neither wait nor take its change as their base: what others did to them is noticed', () => {
    const made = opened()
    made.add(pending('a', { type: 'update_task', id: 't1', title: 'x', base_seq: 10 }))
    made.add(pending('b', { type: 'update_task', id: 't1', due_at: null, base_seq: 10 }))
    made.add(pending('c', { type: 'update_task', id: 't1', title: 'y', priority: 1, base_seq: 10 }))
    expect(ids()).toEqual(['a', 'b'])
    made.acked('a', 14)
    expect(sent.slice(1).flatMap(({ commands }) => commands)).toEqual([
      { type: 'update_task', id: 't1', due_at: null, base_seq: 10 },
      { type: 'update_task', id: 't1', title: 'y', base_seq: 14 },
      { type: 'update_task', id: 't1', priority: 1, base_seq: 10 },
    ])
  })

  test('keep their own base when the one below was refused', () => {
    const made = opened()
    made.add(describing('a', 'one', 10))
    made.add(describing('b', 'two', 10))
    made.refused(refusal('a', 'conflict'))
    expect(bases()).toEqual([
      ['a', 10],
      ['b', 10],
    ])
  })

  test('of other records, or without a base, do not wait', () => {
    const made = opened()
    made.add(describing('a', 'one', 10))
    made.add(pending('b', { type: 'describe_task', id: 't2', text: 'x', base_seq: 10 }))
    made.add(pending('c', { type: 'update_task', id: 't1', title: 'x', base_seq: 10 }))
    made.add(pending('d', { type: 'update_task', id: 't1', title: 'x' }))
    made.add(pending('e', { type: 'update_project', name: 'x', base_seq: 10 }))
    expect(ids()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})

test('the shelf holds exactly what is unanswered, as it will be sent', () => {
  const kept = new Map<string, Pending>()
  const shelf: Shelf = {
    ...NO_SHELF,
    put: (_, each) => kept.set(each.id, each),
    remove: (id) => kept.delete(id),
  }
  const made = outbox(shelf)
  made.add(describing('a', 'one', 10))
  made.add(describing('b', 'two', 10))
  made.open()
  made.acked('a', 14)
  expect([...kept.values()]).toEqual([describing('b', 'two', 14)])
})
