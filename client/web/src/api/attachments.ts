/** The bytes of files on cards, over REST. Not here: what is known of them, which comes with the card. */

import type { Attachment } from '../protocol/generated'
import type { Http } from './http'

type Rest = Pick<Http, 'authorised'>

/** As long as a slow line may take over a large file. */
const LONG_MS = 600_000

/** Puts a file on a card; the board hears of it as of any change. Throws Problem. */
export async function attach(rest: Rest, project: string, task: string, file: File): Promise<void> {
  const path = `/v1/projects/${project}/tasks/${task}/attachments?name=${encodeURIComponent(file.name)}`
  await rest.authorised('POST', path, {
    body: file.slice(0, file.size, 'application/octet-stream'),
    timeoutMs: LONG_MS,
  })
}

/** Throws Problem. */
export async function fetchAttachment(rest: Rest, project: string, { id, task_id }: Attachment): Promise<Blob> {
  const path = `/v1/projects/${project}/tasks/${task_id}/attachments/${id}/content`
  const response = await rest.authorised('GET', path, { timeoutMs: LONG_MS })
  return response.blob()
}
