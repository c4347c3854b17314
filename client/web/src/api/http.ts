/**
 * The REST interface: signing in, projects, snapshots and task details. Nothing is kept but the access token, in
 * memory; the refresh token is a cookie that no script sees. Not here: edits of a board, which go through a board's
 * outbox (src/sync).
 */

import type {
  Actor,
  Attachment,
  Change,
  ChecklistItem,
  Command,
  Comment,
  Dependency,
  Description,
  Role,
  Snapshot,
  Task,
  Visibility,
} from '../protocol/generated'
import { Problem, problemOf } from './problem'
import { Tokens, type Grant } from './tokens'

export interface SignedIn {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly email_verified: boolean
  readonly time_zone: string
  readonly language: string
  /** The path of their picture. */
  readonly avatar: string | null
  readonly second_factor: boolean
}

export interface ProjectSummary {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly role: Role
  readonly seq: number
  readonly deleted_at: string | null
  readonly workspace_id: string | null
  readonly visibility: Visibility
}

interface NewProject {
  readonly columns: readonly []
  readonly workspace_id: string
  readonly visibility: Visibility
}

export interface TaskDetail {
  readonly epoch: string
  readonly seq: number
  readonly task: Task
  readonly description: Description | null
  readonly comments: readonly Comment[]
  readonly checklist_items: readonly ChecklistItem[]
  readonly attachments: readonly Attachment[]
  readonly dependencies: readonly Dependency[]
}

interface SignedInGrant extends Grant {
  readonly user: SignedIn
}

/** A page of a task's past. */
export interface Activity {
  readonly items: readonly Change[]
  readonly next: string | null
}

export interface DeletedTasks {
  readonly items: readonly (Task & { deleted_at: string; deleted_by: Actor | null })[]
  readonly next: string | null
}

export interface HttpOptions {
  /** Origin of the server without a final slash; empty for the page's own. */
  base?: string
  fetch?: typeof fetch
  /** How long a request may take, in milliseconds. */
  timeoutMs?: number
}

export class Http {
  /** Origin of the server without a final slash; empty for the page's own. */
  readonly base: string
  readonly #fetch: typeof fetch
  readonly #timeoutMs: number
  readonly #tokens: Tokens
  #user: SignedIn | null = null

  constructor({ base = '', fetch = globalThis.fetch.bind(globalThis), timeoutMs = 20_000 }: HttpOptions = {}) {
    this.base = base
    this.#fetch = fetch
    this.#timeoutMs = timeoutMs
    this.#tokens = new Tokens(() => this.#refresh())
  }

  // Signing in

  /** Who is signed in, as far as this page has asked. */
  get user(): SignedIn | null {
    return this.#user
  }

  /** Throws Problem `conflict` when the e-mail is taken, `invalid` with the fields otherwise. */
  async register(email: string, name: string, password: string, invitation?: string): Promise<SignedIn> {
    return this.#signIn('/v1/auth/register', { email, name, password, invitation })
  }

  /** Throws Problem `wrong_credentials`, or `second_factor` when a good `code` must come with them. */
  async login(email: string, password: string, code?: string): Promise<SignedIn> {
    return this.#signIn('/v1/auth/login', { email, password, code })
  }

  async logout(): Promise<void> {
    this.#user = null
    await this.send('POST', '/v1/auth/logout').finally(() => this.#tokens.forget())
  }

  /** Who is signed in here already, through the cookie of an earlier visit; null when nobody is. */
  async restore(): Promise<SignedIn | null> {
    try {
      await this.#tokens.renew()
      return await this.me()
    } catch (wrong) {
      if (wrong instanceof Problem && wrong.status === 401) return null
      throw wrong
    }
  }

  async me(): Promise<SignedIn> {
    this.#user = await this.#get<SignedIn>('/v1/me')
    return this.#user
  }

  /** An access token that is good for a while yet. Throws Problem 401 when the sign-in has ended. */
  token(): Promise<string> {
    return this.#tokens.current()
  }

  /** A token that the server has not seen refused. */
  renewToken(): Promise<string> {
    return this.#tokens.renew()
  }

  // Projects

  async projects(): Promise<readonly ProjectSummary[]> {
    return (await this.#get<{ items: readonly ProjectSummary[] }>('/v1/projects')).items
  }

  /** Those that can be restored. */
  async deletedProjects(): Promise<readonly ProjectSummary[]> {
    return (await this.#get<{ items: readonly ProjectSummary[] }>('/v1/projects?deleted=true')).items
  }

  project(id: string): Promise<ProjectSummary> {
    return this.#get(`/v1/projects/${id}`)
  }

  /** `columns` may only be empty: a project without the usual three. Without a workspace it goes into one's own. */
  createProject(id: string, name: string, more: Partial<NewProject> = {}): Promise<ProjectSummary> {
    return this.#json('POST', '/v1/projects', { id, name, ...more })
  }

  async deleteProject(id: string): Promise<void> {
    await this.authorised('DELETE', `/v1/projects/${id}`)
  }

  async restoreProject(id: string): Promise<void> {
    await this.authorised('POST', `/v1/projects/${id}/restore`)
  }

  // A board

  snapshot(project: string, signal?: AbortSignal): Promise<Snapshot> {
    return this.#get(`/v1/projects/${project}/snapshot`, signal)
  }

  /** Past the browser's cache: unchanged texts would come with the seq at which they were first read. */
  async taskDetail(project: string, task: string, signal?: AbortSignal): Promise<TaskDetail> {
    const options = { cache: 'no-store' as const, ...(signal && { signal }) }
    const response = await this.authorised('GET', `/v1/projects/${project}/tasks/${task}`, options)
    return (await response.json()) as TaskDetail
  }

  /**
   * At most `limit` changes after `since`, oldest first: what happened lately. Throws Problem `resync` when they are
   * too old, or not of `epoch`.
   */
  changes(
    project: string,
    since: number,
    limit: number,
    epoch?: string,
  ): Promise<{ epoch: string; head: number; changes: readonly Change[] }> {
    const of = epoch === undefined ? '' : `&epoch=${epoch}`
    return this.#get(`/v1/projects/${project}/changes?since=${since}&limit=${limit}${of}`)
  }

  /** Deleted tasks after `cursor`, the last deleted first. */
  deletedTasks(project: string, cursor: string | null): Promise<DeletedTasks> {
    const after = cursor === null ? '' : `&cursor=${cursor}`
    return this.#get(`/v1/projects/${project}/tasks?deleted=true${after}`)
  }

  /** What happened to one task before `cursor`, the latest first; `next` is the cursor of what was before that. */
  activity(project: string, task: string, cursor: string | null): Promise<Activity> {
    const before = cursor === null ? '' : `?cursor=${cursor}`
    return this.#get(`/v1/projects/${project}/tasks/${task}/activity${before}`)
  }

  /** Throws Problem with the refusal's code. */
  submit(project: string, id: string, commands: readonly Command[]): Promise<{ seq: number; noop?: boolean }> {
    return this.#json('POST', `/v1/projects/${project}/commands`, { id, commands })
  }

  // Requests

  /** For the files of the other resources: a request in the name of whoever is signed in, and what answers it. Throws Problem. */
  async ask<T = void>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.authorised(method, path, body ? { body } : {})
    return (response.status === 204 ? undefined : await response.json()) as T
  }

  async #signIn(path: string, body: object): Promise<SignedIn> {
    const response = await this.send('POST', path, { body })
    const grant = (await response.json()) as SignedInGrant
    this.#tokens.keep(grant)
    this.#user = grant.user
    return grant.user
  }

  async #refresh(): Promise<Grant> {
    const response = await this.send('POST', '/v1/auth/refresh')
    return (await response.json()) as Grant
  }

  async #get<T>(path: string, signal?: AbortSignal): Promise<T> {
    const response = await this.authorised('GET', path, signal ? { signal } : {})
    return (await response.json()) as T
  }

  async #json<T>(method: string, path: string, body: object): Promise<T> {
    const response = await this.authorised(method, path, { body })
    return (await response.json()) as T
  }

  /** A request with a token; a refused token is renewed once. */
  async authorised(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    try {
      return await this.send(method, path, { ...options, token: await this.#tokens.current() })
    } catch (wrong) {
      if (!(wrong instanceof Problem) || wrong.status !== 401 || wrong.code === 'second_factor') throw wrong
      return this.send(method, path, { ...options, token: await this.#tokens.renew() })
    }
  }

  /** A request of anybody, for whom no token is needed. Throws Problem. */
  async send(
    method: string,
    path: string,
    { body, token, signal, cache = 'default', timeoutMs = this.#timeoutMs }: RequestOptions = {},
  ): Promise<Response> {
    const headers = new Headers({ accept: 'application/json' })
    if (body) headers.set('content-type', body instanceof Blob ? body.type : 'application/json')
    if (token) headers.set('authorization', `Bearer ${token}`)
    const timeout = AbortSignal.timeout(timeoutMs)
    const response = await this.#fetch(this.base + path, {
      method,
      headers,
      body: body instanceof Blob ? body : body ? JSON.stringify(body) : null,
      credentials: 'same-origin',
      cache,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    }).catch((wrong: unknown) => {
      throw new Problem(0, 'network', String(wrong))
    })
    if (!response.ok) throw await problemOf(response)
    return response
  }
}

export interface RequestOptions {
  /** Sent as JSON, a file as it is. */
  body?: object
  token?: string
  signal?: AbortSignal
  cache?: RequestCache
  timeoutMs?: number
}
