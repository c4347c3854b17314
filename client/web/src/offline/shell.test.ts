import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Shell } from './shell'

const ORIGIN = 'http://host'
const FILES = ['/', '/assets/index-1.js', '/icon.svg']

/** A browser's caches, in the order in which they were opened, whose files come from `load`. */
class Caches {
  readonly kept = new Map<string, Map<string, Response>>()

  open(name: string) {
    const files = this.kept.get(name) ?? new Map<string, Response>()
    this.kept.set(name, files)
    return Promise.resolve({
      match: (path: string) => Promise.resolve(files.get(path)),
      addAll: async (requests: readonly Request[]) => {
        for (const { url } of requests) files.set(new URL(url).pathname, await load(url))
      },
    })
  }

  match(path: string) {
    return Promise.resolve([...this.kept.values()].map((files) => files.get(path)).find(Boolean))
  }

  keys = () => Promise.resolve([...this.kept.keys()])
  delete = (name: string) => Promise.resolve(this.kept.delete(name))
}

const load = vi.fn<(url: string) => Promise<Response>>()
let caches: Caches

beforeEach(() => {
  load.mockReset()
  load.mockImplementation((url) => Promise.resolve(new Response(`loaded ${url}`)))
  caches = new Caches()
  vi.stubGlobal(
    'Request',
    class {
      readonly url: string
      constructor(path: string) {
        this.url = ORIGIN + path
      }
    },
  )
})

function shell(version: string, files = FILES): Shell {
  return new Shell({ version, files }, caches as unknown as CacheStorage, load as unknown as typeof fetch)
}

const request = (path: string, more = {}) =>
  ({ method: 'GET', mode: 'cors', url: path.startsWith('/') ? ORIGIN + path : path, ...more }) as Request
const view = (path: string) => request(path, { mode: 'navigate' })
const said = async (answer: Promise<Response> | null) => (await answer!).clone().text()

describe('answers', () => {
  test('every view with the page, and each file, without a network', async () => {
    const made = shell('one')
    await made.install()
    load.mockRejectedValue(new TypeError('offline'))
    for (const path of ['/', '/login', '/register?next=/', '/settings/security', '/p/1', '/p/1/t/2'])
      expect(await said(made.answer(view(path), ORIGIN))).toBe(`loaded ${ORIGIN}/`)
    for (const path of FILES.slice(1))
      expect(await said(made.answer(request(path), ORIGIN))).toBe(`loaded ${ORIGIN}${path}`)
  })

  test.each([
    ['the API', request('/v1/projects')],
    ['the API in the address bar', view('/v1/projects')],
    ['documents of the server', view('/docs')],
    ['edits', request('/', { method: 'POST' })],
    ['other origins', request('http://other/assets/index-1.js')],
    ['what is no part of the build', request('/robots.txt')],
  ])('not %s', (_, asked) => {
    expect(shell('one').answer(asked, ORIGIN)).toBeNull()
  })

  test('what the browser has thrown away comes from the server', async () => {
    const made = shell('one')
    expect(await said(made.answer(view('/p/1'), ORIGIN))).toBe(`loaded ${ORIGIN}/p/1`)
    expect(await said(made.answer(request('/assets/other-2.js'), ORIGIN))).toBe(`loaded ${ORIGIN}/assets/other-2.js`)
  })
})

describe('builds', () => {
  test('one that cannot be loaded whole is none', async () => {
    load.mockRejectedValueOnce(new TypeError('offline'))
    await expect(shell('one').install()).rejects.toThrow('offline')
  })

  test('a new one leaves the one before for its pages, and nobody else alone', async () => {
    await caches.open('of-others')
    for (const version of ['one', 'two', 'three']) {
      const made = shell(version, ['/', `/assets/${version}.js`])
      await made.install()
      await made.sweep()
    }
    expect([...caches.kept.keys()]).toEqual(['of-others', 'lockstep-shell-two', 'lockstep-shell-three'])
    load.mockRejectedValue(new TypeError('offline'))
    expect(await said(shell('three').answer(request('/assets/two.js'), ORIGIN))).toBe(`loaded ${ORIGIN}/assets/two.js`)
  })
})
