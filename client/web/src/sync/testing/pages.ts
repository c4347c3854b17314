/**
 * Pages without views in a process of their own, steered by lines of JSON on stdin: `tests/history/pages.py` asks, and
 * is told on stdout what each page sends, hears and shows. A page's network and storage are its own, its line is the
 * test's to break.
 */

import 'fake-indexeddb/auto'
import { createInterface } from 'node:readline'
import { Http } from '../../api/http'
import type { Command, Snapshot } from '../../protocol/generated'
import type { ProjectSync } from '../project'
import { SessionSync } from '../session'
import { DatabaseShelf } from '../shelf-database'

/** How little of each back-off is waited for. */
const HASTE = 0.01

interface Opening {
  readonly do: 'open'
  readonly url: string
  readonly project: string
  readonly user: string
  readonly token: string
}

/**
 * `away`: no network until `back`. `reload`: closed, and opened again from what was kept. `twice`: the next frame with
 * a submit in it is sent twice.
 */
type Asked =
  | Opening
  | { do: 'submit'; commands: readonly Command[] }
  | { do: 'away' | 'back' | 'reload' | 'twice' | 'show' | 'close' }

class Page {
  readonly #name: string
  readonly #opening: Opening
  readonly #window = new EventTarget()
  readonly #document = Object.assign(new EventTarget(), { visibilityState: 'visible' as const })
  readonly #navigator = { onLine: true }
  #session!: SessionSync
  #project!: ProjectSync
  #twice = false
  #asked = 0

  constructor(name: string, opening: Opening) {
    this.#name = name
    this.#opening = opening
    this.#open()
  }

  do(asked: Asked): void {
    if (asked.do === 'submit')
      void this.#project.submit(asked.commands).catch(() => {}) // the wire tells
    else if (asked.do === 'twice') this.#twice = true
    else if (asked.do === 'reload') this.#reload()
    else if (asked.do === 'show') this.#tell('shown', this.#shown())
    else if (asked.do === 'close') this.#session.close()
    else if (asked.do !== 'open') this.#become(asked.do === 'back')
    this.#asked++
    this.#status()
  }

  #reload(): void {
    this.#session.close()
    this.#open()
  }

  #become(onLine: boolean): void {
    this.#navigator.onLine = onLine
    this.#window.dispatchEvent(new Event(onLine ? 'online' : 'offline'))
  }

  #open(): void {
    const { url, project, user, token } = this.#opening
    const grant = { access_token: token, expires_in: 86_400 }
    const fetched: typeof fetch = async (to, init) => {
      if (!this.#navigator.onLine) throw new Error('no network')
      return String(to).endsWith('/auth/refresh') ? Response.json(grant) : fetch(to, init)
    }
    const http = new Http({ base: url, fetch: fetched })
    const source = {
      snapshot: async (id: string): Promise<Snapshot> => {
        const found = await http.snapshot(id)
        this.#tell('fetched', found)
        return found
      },
      taskDetail: http.taskDetail.bind(http),
      changes: http.changes.bind(http),
    }
    this.#session = new SessionSync(
      {
        url: `${url.replace('http', 'ws')}/v1/socket`,
        client: this.#name,
        ...{ credentials: http, source, user, random: () => HASTE },
        shelf: new DatabaseShelf(user, undefined, undefined, this.#name),
        page: { window: this.#window, document: this.#document, navigator: this.#navigator },
        socket: (to) => this.#line(to),
      },
      { status: () => this.#status(), notified() {} },
    )
    const status = () => this.#status()
    this.#project = this.#session.follow(project, { touched() {}, changed() {}, rejected() {}, status, presence() {} })
    this.#session.start()
    void this.#session.begin(this.#project)
  }

  /** A socket whose frames are told, as long as the page listens to it. */
  #line(url: string): WebSocket {
    if (!this.#navigator.onLine) throw new Error('no network')
    this.#tell('line', null)
    const line = new WebSocket(url, 'lockstep.v1')
    line.addEventListener('message', ({ data }) => line.onmessage && this.#tell('heard', data))
    // Node's socket only has an error to tell when its handshake fails, a browser's is closed as well.
    line.addEventListener('error', () =>
      line.dispatchEvent(Object.assign(new Event('close'), { code: 1006, reason: '' })),
    )
    const send = line.send.bind(line)
    line.send = (frame) => {
      const copies = this.#twice && String(frame).includes('"submit"') ? 2 : 1
      if (copies === 2) this.#twice = false
      for (let i = 0; i < copies; i++) {
        this.#tell('sent', frame)
        send(frame)
      }
    }
    return line
  }

  #status(): void {
    if (!this.#project) return
    const { waiting, current, replica } = this.#project
    this.#tell('status', { asked: this.#asked, waiting, live: current, seq: replica.seq })
  }

  /** The board as a person sees it, predictions included. */
  #shown(): Snapshot {
    const { view, epoch, seq } = this.#project.replica
    const all = <K extends Parameters<typeof view.all>[0]>(kind: K) => [...view.all(kind).values()]
    return {
      epoch: epoch!,
      seq,
      project: all('project')[0]!,
      members: all('member'),
      columns: all('column'),
      labels: all('label'),
      tasks: all('task'),
      dependencies: all('dependency'),
    }
  }

  #tell(told: string, what: unknown): void {
    process.stdout.write(`${JSON.stringify({ page: this.#name, told, what })}\n`)
  }
}

const pages = new Map<string, Page>()

for await (const line of createInterface({ input: process.stdin })) {
  const { page, ...asked } = JSON.parse(line) as { page: string } & Asked
  if (asked.do === 'open') pages.set(page, new Page(page, asked))
  else pages.get(page)!.do(asked)
}
process.exit(0)
