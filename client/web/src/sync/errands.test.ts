import { NO_SHELF } from './shelf'
import { SOLE_TAB } from './tabs'
import { describe, expect, test } from 'vitest'
import { settle } from './testing/project'
import { AT, PROJECT, titled } from './testing/records'
import { connected, follow, joined, live, network, session, stage } from './testing/session'
import { type SessionSync } from './session'

stage()

describe('errands', () => {
  const old = { id: 'old', at: AT, commands: [{ type: 'update_task' as const, id: 't1', title: 'left' }] }
  let waiting: string[]
  let gone: () => void

  /** A session whose shelf holds one submit of a project, for the one who claims it. */
  function inheriting(): SessionSync {
    waiting = [PROJECT]
    const shelf = {
      ...NO_SHELF,
      waiting: () => Promise.resolve(waiting),
      claim: () => Promise.resolve(waiting.length > 0 ? [old] : []),
      remove: () => (waiting = []),
    }
    const tabs = { ...SOLE_TAB, onGone: (listener: () => void) => (gone = listener) }
    return session({ shelf, tabs })
  }

  const submits = () => network.sockets.flatMap((socket) => socket.sentOf('submit').map(({ id }) => id))
  const refusal = { type: 'reject' as const, project: PROJECT, id: 'old', code: 'conflict', message: '' }

  test('what waits of a project that nobody looks at is sent, and the project left', async () => {
    const made = inheriting()
    await connected()
    await settle()
    expect(made.follows(PROJECT)).toBe(true)
    network.last.say(joined)
    await settle()
    expect(submits()).toEqual(['old'])
    network.last.say(titled(11, 't1', 'left', 'old'))
    await settle()
    expect([made.follows(PROJECT), network.last.sentOf('leave').length]).toEqual([false, 1])
  })

  test('whoever opens the board takes over', async () => {
    const made = inheriting()
    await connected()
    await settle()
    const project = follow(made)
    await settle()
    network.last.say(joined)
    await settle()
    network.last.say(titled(11, 't1', 'left', 'old'))
    await settle()
    expect([made.follows(PROJECT), project.waiting, project.replica.view.get('task', 't1')?.title]).toEqual([
      true,
      0,
      'left',
    ])
  })

  test('a refusal is told to the one who looks next, once', async () => {
    const made = inheriting()
    await connected()
    await settle()
    network.last.say(joined, { ...refusal, retryable: false })
    await settle()
    network.last.say({ ...refusal, retryable: false })
    await settle()
    expect(made.missed(PROJECT)).toMatchObject([{ id: 'old', texts: ['left'] }])
    expect(made.missed(PROJECT)).toEqual([])
  })

  test('edits of a board that is left while offline are sent', async () => {
    let left = [] as (typeof old)[]
    const { made, project } = await live({
      waiting: () => Promise.resolve([PROJECT]),
      all: () => Promise.resolve(left),
    })
    left = [old]
    void project.submit([{ type: 'archive_task', id: 't1' }])
    made.unfollow(PROJECT)
    await settle()
    expect(made.follows(PROJECT)).toBe(true)
    made.close()
    await settle()
    expect(made.follows(PROJECT)).toBe(false)
  })

  test('what a tab left is taken up by an open board', async () => {
    const made = inheriting()
    waiting = []
    const project = follow(made)
    await connected()
    await settle()
    network.last.say(joined)
    waiting = [PROJECT]
    gone()
    await settle()
    expect([submits(), project.waiting]).toEqual([['old'], 1])
  })
})
