/** Which files a browser shows by itself, and how. By the type that the server found in their bytes, never by their name. */

import type { Attachment } from '../../protocol/generated'

export type Shown = 'image' | 'audio' | 'video' | 'pdf' | 'text'

/** Larger ones are only downloaded: a preview holds the whole file in memory. */
const MOST_BYTES = 50 << 20

/** Null: not by itself, or too large. */
export function shownAs({ media_type, size }: Pick<Attachment, 'media_type' | 'size'>): Shown | null {
  if (size > MOST_BYTES) return null
  const [kind] = media_type.split('/')
  if (media_type === 'application/pdf') return 'pdf'
  return kind === 'image' || kind === 'audio' || kind === 'video' || kind === 'text' ? kind : null
}
