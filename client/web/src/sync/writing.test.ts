import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DescribeTask, Op } from '../protocol/generated'
import { aboutOf } from './about'
import { Kept } from './kept'
import { Rejected, rejectionOf, type Outcome } from './outcome'
import { Replica } from './replica'
import { EPOCH, ME, change, detail, snapshot, task } from './testing/records'
import { MemoryStorage } from './testing/storage'
import { PAUSE_MS, Writing, type Draft } from './writing'

interface Sent {
  readonly command: DescribeTask
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (wrong: Error) => void
}

let replica: Replica
let storage: MemoryStorage
let sent: Sent[]
let dismissed: string[]
let writing: Writing

const LIST = 'Spade\nGloves\nSeeds\n'

beforeEach(() => {
  vi.useFakeTimers()
  storage = new MemoryStorage()
  sent = []
  dismissed = []
  replica = opened(10)
  writing = begin()
})

afterEach(() => void vi.useRealTimers())

function opened(seq: number, text = LIST): Replica {
  const replica = new Replica(() => ME)
  replica.load(snapshot({ seq }))
  replica.expectDetail('t1')
  replica.loadDetail(detail(task('t1', 'todo', 'a0'), seq, { description: { id: 't1', text } }))
  return replica
}

function begin(): Writing {
  return new Writing({
    task: 't1',
    replica,
    kept: new Kept<Draft>('u1 p1', storage),
    submit: (command) => new Promise((resolve, reject) => sent.push({ command, resolve, reject })),
    dismiss: (id) => dismissed.push(id),
    changed: () => {},
  })
}

const settle = () => vi.advanceTimersByTimeAsync(0)
const pause = () => vi.advanceTimersByTimeAsync(PAUSE_MS)
const texts = () => sent.map(({ command: { text, base_seq } }) => [text, base_seq])

/** A text becomes fact. */
async function saved(text: string, own?: Sent): Promise<void> {
  const op: Op = { op: 'put', kind: 'description', record: { id: 't1', text } }
  const seq = replica.seq + 1
  replica.apply([change(seq, [op])])
  writing.observe()
  own?.resolve({ seq, noop: false })
  await settle()
}

async function refused(one: Sent, code: 'conflict' | 'forbidden'): Promise<void> {
  const commands = [one.command]
  const rejection = rejectionOf(
    { id: `r${sent.indexOf(one)}`, commands, about: aboutOf(commands, replica.view) },
    { code, message: '' },
  )
  one.reject(new Rejected(rejection))
  await settle()
}

describe('saving', () => {
  test('a pause saves, and what is saved is not written any more', async () => {
    writing.write('Spade')
    writing.write('Spade and fork')
    expect(sent).toEqual([])
    await pause()
    expect(texts()).toEqual([['Spade and fork', 10]])
    await saved('Spade and fork', sent[0])
    expect([writing.mine, writing.settled, storage.length]).toEqual([null, true, 0])
  })

  test('one save is in flight at a time; what is written meanwhile goes with the next', async () => {
    writing.write('one')
    await pause()
    for (const text of ['two', 'three', 'four']) {
      writing.write(text)
      await pause()
    }
    expect(texts()).toEqual([['one', 10]])
    await saved('one', sent[0])
    expect(texts()).toEqual([
      ['one', 10],
      ['four', 11],
    ])
    await saved('four', sent[1])
    expect(writing.settled).toBe(true)
  })

  test('what was written and taken away again is not saved', async () => {
    writing.write('one')
    writing.write(LIST)
    await pause()
    expect([sent, writing.settled]).toEqual([[], true])
  })

  test('a refusal ends it, the last text being the one that is told', async () => {
    writing.write('one')
    await pause()
    writing.write('two')
    await refused(sent[0]!, 'forbidden')
    expect(texts().at(-1)).toEqual(['two', 10])
    await refused(sent[1]!, 'forbidden')
    await pause()
    expect([sent.length, writing.mine, dismissed]).toEqual([2, null, []])
  })
})

describe('what others save meanwhile', () => {
  const [mine, theirs, both] = ['Spades\nGloves\nSeeds\n', 'Spade\nGloves\nSeed\n', 'Spades\nGloves\nSeed\n']

  test('comes in while one writes elsewhere, and all of it is saved', async () => {
    writing.write(mine)
    await saved(theirs)
    expect(writing.mine).toBe(both)
    await pause()
    expect(texts()).toEqual([[both, 11]])
  })

  test.each(['before', 'after'])(
    'a save that was too late is merged and sent again, the change heard %s',
    async (when) => {
      writing.write(mine)
      await pause()
      if (when === 'before') await saved(theirs)
      await refused(sent[0]!, 'conflict')
      if (when === 'after') await saved(theirs)
      await pause()
      expect(texts()).toEqual([
        [mine, 10],
        [both, 11],
      ])
      expect(dismissed).toEqual(['r0'])
      await saved(both, sent[1])
      expect(writing.settled).toBe(true)
    },
  )

  test('own saves are nobody elses', async () => {
    writing.write(mine)
    await pause()
    writing.write(`${mine}Twine\n`)
    await saved(mine, sent[0])
    expect([writing.mine, writing.theirs]).toEqual([`${mine}Twine\n`, null])
  })

  test('other changes of the board make no difference', async () => {
    writing.write(mine)
    await pause()
    replica.apply([change(11, [{ op: 'patch', kind: 'task', id: 't1', fields: { priority: 1 } }])])
    writing.observe()
    expect([writing.mine, sent.length]).toEqual([mine, 1])
  })

  describe('in the same place', () => {
    const other = 'Rakes\nGloves\nSeeds\n'

    beforeEach(async () => {
      writing.write(mine)
      await saved(other)
    })

    test('is kept beside, and nothing is saved', async () => {
      writing.write(`${mine}Twine\n`)
      await pause()
      expect([writing.mine, writing.theirs, sent]).toEqual([`${mine}Twine\n`, other, []])
      expect(writing.settled).toBe(true)
    })

    test.each([
      ['mine', mine],
      ['both', 'Spades\nRakes\nGloves\nSeeds\n'],
    ] as const)('is settled with %s', async (choice, text) => {
      writing.choose(choice)
      expect([writing.mine, writing.theirs]).toEqual([text, null])
      expect(texts()).toEqual([[text, 11]])
    })

    test('is settled with theirs, and nothing is saved', async () => {
      writing.choose('theirs')
      await pause()
      expect([writing.mine, writing.theirs, sent]).toEqual([null, null, []])
    })

    test('is settled by itself when they take it back', async () => {
      await saved(LIST)
      await pause()
      expect([writing.theirs, texts()]).toEqual([null, [[mine, 12]]])
    })

    test('survives a reload, to be chosen then', async () => {
      replica = opened(11, other)
      writing = begin()
      writing.observe()
      expect([writing.mine, writing.theirs]).toEqual([mine, other])
    })
  })
})

describe('after a reload', () => {
  test('what was not saved is there again, and is saved', async () => {
    writing.write('one')
    vi.clearAllTimers()
    writing = begin()
    expect(writing.mine).toBe('one')
    writing.observe()
    expect(texts()).toEqual([['one', 10]])
  })

  test('what was saved just before is not saved twice', async () => {
    writing.write('one')
    vi.clearAllTimers() // with the page that was left
    replica = opened(11, 'one')
    writing = begin()
    writing.observe()
    await pause()
    expect([writing.settled, sent]).toEqual([true, []])
  })
})

test('a text written on one of an earlier visit is checked against that one, and merged with what came since', async () => {
  replica = new Replica(() => ME)
  const kept = { task: 't1', epoch: EPOCH, seq: 10, description: { id: 't1', text: LIST }, comments: [] }
  replica.load(snapshot({ seq: 20 }), [{ ...kept, checklist_items: [], attachments: [] }])
  writing = begin()
  writing.write('Spade\nGloves\nSeeds\nTwine\n')
  await pause()
  expect(texts()).toEqual([['Spade\nGloves\nSeeds\nTwine\n', 10]])
  await refused(sent[0]!, 'conflict')
  writing.observe()
  expect(sent).toHaveLength(1)
  replica.expectDetail('t1')
  const now = { id: 't1', text: 'Spades\nGloves\nSeeds\n' }
  replica.loadDetail(detail(task('t1', 'todo', 'a0'), 20, { description: now }))
  writing.observe()
  expect(writing.mine).toBe('Spades\nGloves\nSeeds\nTwine\n')
  await pause()
  expect(texts().slice(1)).toEqual([['Spades\nGloves\nSeeds\nTwine\n', 20]])
})
