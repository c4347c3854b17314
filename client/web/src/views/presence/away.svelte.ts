/**
 * What others did on a board while one was not looking: collected until the page is seen and live again, told after a
 * long absence only. How long it was is reckoned by this browser's clock alone. Not here: the words (AwaySummary).
 */

import type { Board, Change, ConnectionStatus } from '../../store/types'
import { keep, kept } from '../kept'
import { summaryOf, type Summary } from './summary'

/** Shorter absences are told by what has changed place. */
export const LONG_MS = 10 * 60_000
const NOTE_MS = 60_000
/** What came after that is no news any more. */
const CHANGES_MAX = 5_000

export class Away {
  readonly #user: string
  readonly #name: string
  #since: number | null
  #changes: Change[] = []
  #summary = $state.raw<Summary | null>(null)

  constructor(user: string, project: string) {
    this.#user = user
    this.#name = `seen ${project}`
    this.#since = Number(kept(user, this.#name)) || null
  }

  get summary(): Summary | null {
    return this.#summary
  }

  dismiss(): void {
    this.#summary = null
  }

  /** Watches until the result is called. `live` reads the connection, reactively. */
  watch(board: Board, connection: ConnectionStatus): () => void {
    let present = false
    const look = () => {
      const now = !document.hidden && board.state === 'ready' && connection.state === 'live'
      if (now && !present) this.#back()
      if (!now && present && board.state !== 'gone') this.#leave()
      present = now
    }
    const end = $effect.root(() => {
      $effect(look)
    })
    const stop = board.onChange((change, own) => {
      if (!own && !present && this.#changes.length < CHANGES_MAX) this.#changes.push(change)
    })
    const timer = setInterval(() => present && this.#note(), NOTE_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      if (present) this.#note()
      end()
      stop()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }

  #leave(): void {
    this.#since = Date.now()
    this.#changes = []
    this.#note()
  }

  #back(): void {
    const long = this.#since !== null && Date.now() - this.#since >= LONG_MS
    if (long && this.#changes.length > 0) this.#summary = summaryOf(this.#changes)
    this.#changes = []
    this.#note()
  }

  #note(): void {
    keep(this.#user, this.#name, String(Date.now()))
  }
}
