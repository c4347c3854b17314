import { beforeEach, expect, test, vi } from 'vitest'
import { followBuilds } from './builds'

class Worker extends EventTarget {
  state = 'installing'
  readonly postMessage = vi.fn()

  become(state: string): void {
    this.state = state
    this.dispatchEvent(new Event('statechange'))
  }
}

class Registration extends EventTarget {
  waiting: Worker | null = null
  installing: Worker | null = null
  readonly update = vi.fn(() => Promise.reject(new TypeError('offline')))

  find(): Worker {
    this.installing = new Worker()
    this.dispatchEvent(new Event('updatefound'))
    return this.installing
  }
}

class Container extends EventTarget {
  controller: Worker | null = new Worker()
  readonly register = vi.fn(() => Promise.resolve(registration))
}

let registration: Registration
let container: Container
const document = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState })
const reload = vi.fn()
const offer = vi.fn<(take: () => void) => void>()

beforeEach(() => {
  vi.resetAllMocks()
  registration = new Registration()
  container = new Container()
  container.register.mockImplementation(() => Promise.resolve(registration))
  registration.update.mockImplementation(() => Promise.reject(new TypeError('offline')))
})

const follow = () => followBuilds({ container: container as never, document, reload }, offer)

test('a build that came while the client was closed is taken as the page opens', async () => {
  registration.waiting = new Worker()
  await follow()
  expect(registration.waiting.postMessage).toHaveBeenCalledExactlyOnceWith('take')
  expect(reload).not.toHaveBeenCalled()
  container.dispatchEvent(new Event('controllerchange'))
  container.dispatchEvent(new Event('controllerchange'))
  expect(reload).toHaveBeenCalledOnce()
})

test('a build that comes while somebody works is offered, and taken when they say so', async () => {
  await follow()
  const next = registration.find()
  expect(offer).not.toHaveBeenCalled()
  next.become('installed')
  container.dispatchEvent(new Event('controllerchange'))
  expect([offer.mock.calls.length, next.postMessage.mock.calls.length, reload.mock.calls.length]).toEqual([1, 0, 0])
  offer.mock.calls[0]![0]()
  container.dispatchEvent(new Event('controllerchange'))
  expect([next.postMessage.mock.calls.length, reload.mock.calls.length]).toEqual([1, 1])
  next.become('activated')
  expect(offer).toHaveBeenCalledOnce()
})

test('the first build of all is no news', async () => {
  container.controller = null
  await follow()
  registration.find().become('installed')
  expect(offer).not.toHaveBeenCalled()
})

test('a page that stays open looks for a build when it is seen after an hour', async () => {
  vi.useFakeTimers()
  await follow()
  document.dispatchEvent(new Event('visibilitychange'))
  vi.setSystemTime(Date.now() + 3_600_000)
  for (const state of ['hidden', 'visible', 'visible'] as const) {
    document.visibilityState = state
    document.dispatchEvent(new Event('visibilitychange'))
  }
  expect(registration.update).toHaveBeenCalledOnce()
  vi.useRealTimers()
})

test('a browser that refuses service workers is left alone', async () => {
  container.register.mockRejectedValue(new Error('refused'))
  await follow()
  expect(offer).not.toHaveBeenCalled()
})
