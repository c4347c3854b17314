/**
 * Messages in frames. Out: what is said in one turn of the loop leaves as one frame, within the limit of the protocol.
 * In: changes that come together are one step.
 */

import type { Change, Down, Up } from '../protocol/generated'

/** UTF-16 units a frame; each is at most 3 bytes of UTF-8, and a frame may have 768 KiB. */
export const FRAME_UNITS_MAX = 250_000

export class Frames {
  readonly #send: (text: string) => void
  #waiting: string[] = []
  #units = 0

  constructor(send: (text: string) => void) {
    this.#send = send
  }

  add(message: Up): void {
    const text = JSON.stringify(message)
    if (this.#units + text.length > FRAME_UNITS_MAX) this.#flush()
    if (this.#waiting.length === 0) queueMicrotask(() => this.#flush())
    this.#waiting.push(text)
    this.#units += text.length + 1
  }

  clear(): void {
    this.#waiting = []
    this.#units = 0
  }

  #flush(): void {
    if (this.#waiting.length === 0) return
    const text = `[${this.#waiting.join(',')}]`
    this.clear()
    this.#send(text)
  }
}

/** The messages of one frame in order, changes in a row together. */
export function* bursts(messages: readonly Down[]): Generator<readonly Change[] | Exclude<Down, Change>> {
  let changes: Change[] = []
  for (const message of messages) {
    if (message.type === 'change') changes.push(message)
    else {
      yield changes
      changes = []
      yield message
    }
  }
  yield changes
}
