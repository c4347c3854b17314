/** Imports over REST, and the jobs that they are. Each function throws Problem. Not here: what is in a file. */

import type { Job } from '../protocol/generated'
import type { Http } from './http'

type Asking = Pick<Http, 'ask' | 'authorised'>

/** Something that is not as it was in the file; `text` is the server's sentence. */
export interface ImportNote {
  readonly text: string
  readonly count: number
  readonly examples: readonly string[]
}

export interface ImportReport {
  readonly created: Readonly<Record<string, number>>
  readonly mapped: readonly ImportNote[]
  readonly guessed: readonly ImportNote[]
  readonly dropped: readonly ImportNote[]
}

/** Somebody the file names, and the member they would become. */
export interface ImportPerson {
  readonly id: string
  readonly name: string
  readonly has_email: boolean
  readonly member_id: string | null
}

/** What a column of a table may become. */
export const FIELDS = [
  'title',
  'description',
  'column',
  'category',
  'labels',
  'assignees',
  'assignee_email',
  'author',
  'start',
  'due',
  'priority',
  'created',
  'updated',
  'completed',
  'done',
  'archived',
  'number',
  'checklist',
  'comment',
  'links',
  'table',
  'ignore',
] as const

export type ImportField = (typeof FIELDS)[number]

/** How a table was read: its first rows as they stand in the file, and what each column becomes. */
export interface ImportTable {
  readonly headers: readonly string[]
  readonly columns: Readonly<Record<string, ImportField>>
  readonly rows: readonly (readonly string[])[]
}

export interface ImportPreview {
  readonly format: string
  readonly name: string
  readonly report: ImportReport
  readonly people: readonly ImportPerson[]
  readonly table: ImportTable | null
  readonly tasks: readonly { readonly title: string; readonly column: string }[]
}

export interface UndoneImport {
  readonly deleted: Readonly<Record<string, number>>
  readonly kept: Readonly<Record<string, number>>
  readonly kept_tasks: readonly string[]
}

/** As long as a slow line may take over a large file. */
const LONG_MS = 3_600_000

/** Sends the file to be looked at; nothing of the project changes. */
export async function lookAt(http: Asking, project: string, file: File, signal: AbortSignal): Promise<Job> {
  const path = `/v1/projects/${project}/imports?dry_run=true&name=${encodeURIComponent(file.name.slice(-255))}`
  const body = new Blob([file], { type: 'application/octet-stream' })
  const response = await http.authorised('POST', path, { body, signal, timeoutMs: LONG_MS })
  return (await response.json()) as Job
}

/** Brings in what was looked at. `people`: who of the file is which member; `columns`: what those of a table become, where that was changed. */
export function startImport(
  http: Asking,
  project: string,
  looked: string,
  choices: { readonly people: Readonly<Record<string, string>>; readonly columns: Readonly<Record<string, string>> },
): Promise<Job> {
  return http.ask('POST', `/v1/projects/${project}/imports/${looked}/start`, choices)
}

export function undoImport(http: Asking, project: string, job: string): Promise<Job> {
  return http.ask('POST', `/v1/projects/${project}/imports/${job}/undo`)
}

export function jobOf(http: Asking, id: string): Promise<Job> {
  return http.ask('GET', `/v1/jobs/${id}`)
}

export function cancelJob(http: Asking, id: string): Promise<void> {
  return http.ask('DELETE', `/v1/jobs/${id}`)
}

/** The latest imports of the project that can be undone. */
export async function importsOf(http: Asking, project: string): Promise<readonly Job[]> {
  const { items } = await http.ask<{ items: readonly Job[] }>('GET', `/v1/projects/${project}/jobs?limit=50`)
  return items.filter(({ kind, started_at, finished_at }) => kind === 'import' && started_at && finished_at)
}
