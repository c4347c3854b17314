/** Tries again and again whether a socket gets through, while the connection makes do without (polled.ts). */

const FIRST_MS = 1_000
const PAUSE_MS = 60_000
/** From the first byte to the server's first word. */
const CONNECT_MS = 10_000

export class Scout {
  readonly #open: () => Promise<WebSocket>
  readonly #found: (socket: WebSocket, data: string) => void
  readonly #random: () => number
  #timer: ReturnType<typeof setTimeout> | undefined
  #socket: WebSocket | null = null
  #working = false

  /** `open` gives a socket that says hello; `found` takes it over with the first frame that came back. */
  constructor(
    open: () => Promise<WebSocket>,
    found: (socket: WebSocket, data: string) => void,
    random: () => number = Math.random,
  ) {
    this.#open = open
    this.#found = found
    this.#random = random
  }

  start(): void {
    this.stop()
    this.#working = true
    this.#in(FIRST_MS)
  }

  stop(): void {
    this.#working = false
    clearTimeout(this.#timer)
    this.#abandon()
  }

  #in(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#look(), ms)
  }

  async #look(): Promise<void> {
    this.#timer = setTimeout(() => this.#failed(), CONNECT_MS)
    const socket = await this.#open().catch(() => null)
    if (!this.#working) return socket?.close()
    if (!socket) return this.#failed()
    this.#socket = socket
    socket.onclose = () => this.#failed()
    socket.onmessage = ({ data }) => {
      this.#socket = null
      this.stop()
      this.#found(socket, data as string)
    }
  }

  #failed(): void {
    this.#abandon()
    this.#in(PAUSE_MS * (0.5 + this.#random()))
  }

  #abandon(): void {
    if (!this.#socket) return
    Object.assign(this.#socket, { onopen: null, onmessage: null, onclose: null })
    this.#socket.close(1000)
    this.#socket = null
  }
}
