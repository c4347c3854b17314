/** A WebSocket whose other end is the test. */

import type { Down, Up, WelcomeMessage } from '../../protocol/generated'
import { AT, ME } from './records'

export class FakeSocket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  /** Every message that was sent, frames flattened. */
  readonly sent: Up[] = []
  readonly frames: string[] = []
  /** The code this side closed with. */
  closedWith: number | undefined

  send(text: string): void {
    this.frames.push(text)
    this.sent.push(...([] as Up[]).concat(JSON.parse(text) as Up | Up[]))
  }

  close(code?: number): void {
    this.closedWith = code
  }

  // The other end

  accept(): void {
    this.onopen?.()
  }

  say(...messages: readonly Down[]): void {
    this.onmessage?.({ data: JSON.stringify(messages) })
  }

  drop(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason })
  }

  sentOf<T extends Up['type']>(type: T): Extract<Up, { type: T }>[] {
    return this.sent.filter((message): message is Extract<Up, { type: T }> => message.type === type)
  }
}

/** Opens fake sockets and keeps them all; `last` is the present one. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = []
  readonly open = (): WebSocket => {
    const socket = new FakeSocket()
    this.sockets.push(socket)
    return socket as unknown as WebSocket
  }

  get last(): FakeSocket {
    return this.sockets.at(-1)!
  }
}

export function welcome(more: Partial<WelcomeMessage> = {}): WelcomeMessage {
  return {
    type: 'welcome',
    session: 's1',
    user: { id: ME, name: 'Me' },
    heartbeat_s: 20,
    limits: {},
    server_time: AT,
    inbox_seq: 0,
    ...more,
  }
}
