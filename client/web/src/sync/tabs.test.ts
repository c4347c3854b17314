import { beforeEach, expect, test, vi } from 'vitest'
import { LockTabs, SOLE_TAB, tabsOf } from './tabs'

/** Locks as a browser has them, whose owners can end. */
class Locks {
  readonly #held = new Map<string, string>()
  readonly #waiting: { name: string; granted: () => unknown }[] = []

  request(name: string, ...rest: unknown[]): Promise<void> {
    const granted = rest.at(-1) as () => unknown
    const shared = rest.length > 1
    if (!shared) this.#held.set(name, 'exclusive')
    else if (this.#held.has(name)) {
      this.#waiting.push({ name, granted })
      return Promise.resolve()
    }
    queueMicrotask(granted)
    return Promise.resolve()
  }

  query() {
    return Promise.resolve({ held: [...this.#held].map(([name, mode]) => ({ name, mode })) })
  }

  end(name: string): void {
    this.#held.set(name, 'shared') // by those who waited for the end
    for (const each of this.#waiting) if (each.name === name) each.granted()
  }
}

let locks: Locks
let channels: { onmessage: (event: { data: unknown }) => void }[]
const settle = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  locks = new Locks()
  channels = []
})

async function tab(): Promise<LockTabs> {
  const channel = {
    onmessage: () => {},
    postMessage: (data: unknown) => channels.forEach((each) => each !== channel && each.onmessage({ data })),
  }
  channels.push(channel)
  const made = new LockTabs(locks as unknown as LockManager, channel as unknown as BroadcastChannel)
  await settle()
  return made
}

test('tabs know of each other, whoever came first, and hear of each end once', async () => {
  const [one, two] = [await tab(), await tab()]
  await locks.request('lockstep-refresh', () => {})
  expect(await one.alive()).toEqual(new Set([one.id, two.id]))
  const [first, second] = [vi.fn(), vi.fn()]
  one.onGone(first, new AbortController().signal)
  two.onGone(second, new AbortController().signal)

  locks.end(`lockstep-tab-${two.id}`)
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 0])
  expect(await one.alive()).toEqual(new Set([one.id]))

  const three = await tab()
  const third = vi.fn()
  three.onGone(third, new AbortController().signal)
  locks.end(`lockstep-tab-${one.id}`)
  expect(third).toHaveBeenCalledOnce()
})

test('who stops listening hears no more', async () => {
  const [one, two] = [await tab(), await tab()]
  const listening = new AbortController()
  const heard = vi.fn()
  one.onGone(heard, listening.signal)
  listening.abort()
  locks.end(`lockstep-tab-${two.id}`)
  expect(heard).not.toHaveBeenCalled()
})

test('a browser without locks has one tab', async () => {
  const sole = tabsOf({})
  sole.onGone(() => {}, new AbortController().signal)
  expect([sole, await sole.alive()]).toEqual([SOLE_TAB, new Set()])
})
