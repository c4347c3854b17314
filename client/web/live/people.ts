/** People at a running server: each with the engine of a browser, on a line that the test can break. */

import { Http } from '../src/api/http'
import type { ProjectEvents } from '../src/sync/following'
import { newId } from '../src/sync/ids'
import type { Rejection } from '../src/sync/outcome'
import type { ProjectSync } from '../src/sync/project'
import { SessionSync } from '../src/sync/session'
import { NO_SHELF } from '../src/sync/shelf'

const URL_ = process.env.LOCKSTEP_URL ?? 'http://127.0.0.1:8000'
const PATIENCE_MS = 20_000

export class Person {
  readonly http: Http
  readonly id: string
  readonly email: string
  readonly session: SessionSync
  readonly rejections: Rejection[] = []
  readonly #sockets: WebSocket[] = []

  static async signUp(name: string): Promise<Person> {
    const http = new Http({ base: URL_ })
    const email = `${name}.${newId()}@example.org`
    const { id } = await http.register(email, name, 'correct horse battery')
    return new Person(http, id, email)
  }

  private constructor(http: Http, id: string, email: string) {
    this.http = http
    this.id = id
    this.email = email
    const url = `${URL_.replace('http', 'ws')}/v1/socket`
    const socket = (to: string) => this.#socket(to)
    const options = { url, client: 'test', credentials: http, source: http, shelf: NO_SHELF, user: id, socket }
    this.session = new SessionSync(options, { status() {}, notified() {} })
    this.session.start()
  }

  /** The project, joined. */
  async open(project: string, changed: ProjectEvents['changed'] = () => {}): Promise<ProjectSync> {
    const rejected: ProjectEvents['rejected'] = (rejection) => void this.rejections.push(rejection)
    const events = { touched() {}, changed, rejected, status() {}, presence() {} }
    const followed = this.session.follow(project, events)
    this.session.begin(followed)
    await until(() => followed.current)
    return followed
  }

  /** The line breaks, without a word to the server. */
  breakLine(): void {
    this.#sockets.at(-1)?.close(4999)
  }

  get lines(): number {
    return this.#sockets.length
  }

  #socket(url: string): WebSocket {
    const socket = new WebSocket(url, 'lockstep.v1')
    this.#sockets.push(socket)
    return socket
  }
}

/** Lets the loop turn until it is so. */
export async function until(so: () => boolean): Promise<void> {
  const late = Date.now() + PATIENCE_MS
  while (!so()) {
    if (Date.now() > late) throw new Error(`not so after ${PATIENCE_MS} ms: ${so}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
