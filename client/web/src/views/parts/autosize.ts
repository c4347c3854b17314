/** A textarea as tall as its text. */

import type { Attachment } from 'svelte/attachments'

/** Pass the text that is shown, so that the height follows it when it changes from outside too. */
export function autosize(text: string): Attachment<HTMLTextAreaElement> {
  return (area) => {
    void text
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`
  }
}
