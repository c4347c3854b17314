import { expect, test, vi } from 'vitest'
import type { Activity } from '../../api/http'
import { Problem } from '../../api/problem'
import { titled } from '../../sync/testing/records'
import { Past } from './past.svelte'

/** Pages by their cursor, the latest change first. */
function past(pages: Readonly<Record<string, readonly [seqs: readonly number[], next: string | null]>>) {
  const page = vi.fn((cursor: string | null): Promise<Activity> => {
    const [seqs, next] = pages[cursor ?? '']!
    return Promise.resolve({ items: seqs.map((seq) => titled(seq, 't1', 'x')), next })
  })
  return { page, made: new Past(page, (change) => change.seq % 10 === 0) }
}

const seqs = (made: Past) => made.changes.map(({ seq }) => seq)

test('is read backwards, page by page, to its beginning', async () => {
  const { made } = past({ '': [[90, 80], '80'], '80': [[70], '70'], '70': [[], null] })
  await made.older()
  expect([seqs(made), made.state]).toEqual([[80, 90], 'more'])
  await made.older()
  expect(seqs(made)).toEqual([70, 80, 90])
  await made.older()
  expect([seqs(made), made.state]).toEqual([[70, 80, 90], 'whole'])
})

test('pages that say nothing are passed over, but not for ever', async () => {
  const { made, page } = past({ '': [[], '5'], '5': [[], '4'], '4': [[50], '3'] })
  await made.older()
  expect([seqs(made), made.state, page.mock.calls.length]).toEqual([[50], 'more', 3])
  const endless = past({ '': [[], '5'], '5': [[], '5'] })
  await endless.made.older()
  expect([endless.made.state, endless.page.mock.calls.length]).toEqual(['more', 4])
})

test('what happens meanwhile comes last, and once', async () => {
  const { made } = past({ '': [[90, 80], null] })
  made.hear(titled(90, 't1', 'x'))
  made.hear(titled(91, 't1', 'x'))
  await made.older()
  made.hear(titled(100, 't1', 'x'))
  expect(seqs(made)).toEqual([80, 90, 100])
})

test('what cannot be read is tried again', async () => {
  const page = vi.fn(() => Promise.reject<Activity>(new Problem(0, 'network', '')))
  const made = new Past(page, () => true)
  await made.older()
  expect(made.state).toBe('failed')
  page.mockImplementationOnce(() => Promise.resolve({ items: [titled(1, 't1', 'x')], next: null }))
  await made.older()
  expect([seqs(made), made.state]).toEqual([[1], 'whole'])
})
