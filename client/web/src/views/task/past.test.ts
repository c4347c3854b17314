import { expect, test, vi } from 'vitest'
import { Problem } from '../../api/problem'
import type { Change } from '../../protocol/generated'
import { titled } from '../../sync/testing/records'
import { Past, PAGE } from './past.svelte'

const LOG = 10 * PAGE

/** Every 1,000th change is about the card; the server gives at most 300 at once. */
function past(first = 0, fail: Problem | null = null) {
  const changes = vi.fn((since: number, limit: number): Promise<readonly Change[]> => {
    if (fail) return Promise.reject(fail)
    const count = Math.min(limit, 300, LOG - since)
    return Promise.resolve(Array.from({ length: count }, (_, i) => titled(since + i + 1, 't1', 'x')))
  })
  const about = (change: Change) => change.seq % 1_000 === 0
  return { changes, made: new Past({ changes, seq: LOG }, about, ({ seq }) => seq === first) }
}

const seqs = (made: Past) => made.changes.map(({ seq }) => seq)

test('is read backwards, until something is found', async () => {
  const { made } = past()
  await made.older()
  expect([seqs(made), made.state]).toEqual([[5_000], 'more'])
  await made.older()
  expect(seqs(made)).toEqual([4_000, 5_000])
  made.hear(titled(6_000, 't1', 'x'))
  made.hear(titled(6_001, 't1', 'x'))
  expect(seqs(made)).toEqual([4_000, 5_000, 6_000])
})

test('ends where the card began, or the log', async () => {
  const whole = past()
  for (let i = 0; i < 10; i++) await whole.made.older()
  expect([seqs(whole.made), whole.made.state]).toEqual([[1_000, 2_000, 3_000, 4_000, 5_000], 'whole'])
  const begun = past(4_000)
  for (let i = 0; i < 10; i++) await begun.made.older()
  expect([seqs(begun.made), begun.made.state]).toEqual([[4_000, 5_000], 'whole'])
})

test('what cannot be read is tried again, what is gone is not', async () => {
  const { made } = past(0, new Problem(0, 'network', ''))
  await made.older()
  expect(made.state).toBe('failed')
  const gone = past(0, new Problem(410, 'resync', ''))
  await gone.made.older()
  expect(gone.made.state).toBe('whole')
})
