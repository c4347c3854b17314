/**
 * The application shell in the browser's cache, one cache a build: the page and everything it may load later. Answers of
 * the API are never kept here. Not here: the events of a service worker (worker.ts), when a new build is taken
 * (builds.ts).
 */

export interface Build {
  /** Changes with any of the files. */
  readonly version: string
  /** Paths of this origin; `/` is the page. */
  readonly files: readonly string[]
}

const PREFIX = 'lockstep-shell-'
/** Addresses of views: all of them are the same page. */
const VIEW = /^\/(login|register|settings(\/.*)?|p\/.*)?$/

export class Shell {
  readonly #build: Build
  readonly #files: ReadonlySet<string>
  readonly #caches: CacheStorage
  readonly #fetch: typeof fetch

  constructor(build: Build, caches: CacheStorage, load: typeof fetch) {
    this.#build = build
    this.#files = new Set(build.files)
    this.#caches = caches
    this.#fetch = load
  }

  /** Loads all of it, or fails and leaves the former build in place. */
  async install(): Promise<void> {
    const cache = await this.#caches.open(this.#name)
    await cache.addAll(this.#build.files.map((file) => new Request(file, { cache: 'no-cache' })))
  }

  /** Forgets all builds but this one and the one before, whose pages may still be open and load the rest of it. */
  async sweep(): Promise<void> {
    const others = (await this.#caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== this.#name)
    await Promise.all(others.slice(0, -1).map((name) => this.#caches.delete(name)))
  }

  /** The answer to a request that is the shell's, null to all others. */
  answer({ method, mode, url }: Request, origin: string): Promise<Response> | null {
    const { pathname, origin: to } = new URL(url)
    if (method !== 'GET' || to !== origin) return null
    if (mode === 'navigate') return VIEW.test(pathname) ? this.#page(url) : null
    if (this.#files.has(pathname) || pathname.startsWith('/assets/')) return this.#file(url, pathname)
    return null
  }

  get #name(): string {
    return PREFIX + this.#build.version
  }

  async #page(url: string): Promise<Response> {
    const cache = await this.#caches.open(this.#name)
    return (await cache.match('/')) ?? this.#fetch(url)
  }

  async #file(url: string, path: string): Promise<Response> {
    return (await this.#caches.match(path)) ?? this.#fetch(url)
  }
}
