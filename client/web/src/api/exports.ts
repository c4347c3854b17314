/** A board as a file, over REST. Not here: what is in it. */

import type { Http } from './http'

/** The lossless one first, then those for other programs. */
export const EXPORT_FORMATS = ['json', 'xlsx', 'csv', 'md', 'ics', 'ndjson'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** As long as the server may take over a large board, and a slow line over its file. */
const LONG_MS = 600_000

/** Throws Problem. Spreadsheets know a CSV file's letters by its mark. */
export async function exportProject(
  http: Pick<Http, 'authorised'>,
  project: string,
  format: ExportFormat,
  signal: AbortSignal,
): Promise<Blob> {
  const mark = format === 'csv' ? '&bom=true' : ''
  const path = `/v1/projects/${project}/export?format=${format}${mark}`
  const response = await http.authorised('GET', path, { signal, timeoutMs: LONG_MS, cache: 'no-store' })
  return response.blob()
}
