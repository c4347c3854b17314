/** A field takes no more than it has room for, and the browser cuts what is pasted without a word: this says so. */

import type { Attachment } from 'svelte/attachments'
import { t } from '../../strings'
import { say } from './toasts.svelte'

export const tellCut: Attachment<HTMLInputElement | HTMLTextAreaElement> = (field) => {
  const tell = (event: Event) => {
    if (event.defaultPrevented) return
    const pasted = (event as ClipboardEvent).clipboardData?.getData('text/plain').length ?? 0
    const { value, selectionStart, selectionEnd, maxLength } = field
    const kept = value.length - ((selectionEnd ?? 0) - (selectionStart ?? 0))
    if (maxLength >= 0 && kept + pasted > maxLength) say(t.sheet.cut(maxLength), { topic: 'full' })
  }
  field.addEventListener('paste', tell)
  return () => field.removeEventListener('paste', tell)
}
