/** The pictures of a board's people, which are no part of the board: asked for beside it, and again when they may be others. */

import { untrack } from 'svelte'
import type { Http } from '../../api/http'
import { Problem } from '../../api/problem'
import { avatarsOf } from '../../api/avatars'
import type { Board } from '../../store/types'
import { whenIdle } from '../parts/idle'

export class Pictures {
  readonly #http: Pick<Http, 'ask'>
  readonly #board: Board
  #known = $state.raw<ReadonlyMap<string, string>>(new Map())

  constructor(http: Pick<Http, 'ask'>, board: Board) {
    this.#http = http
    this.#board = board
  }

  /** The address of a member's picture. */
  of(member: string): string | undefined {
    return this.#known.get(member)
  }

  /** Asks once the board is drawn, when others come and go, and when somebody comes back to the page. An effect. */
  follow(): () => void {
    if (this.#people === '') return () => undefined
    const ask = () => void this.#ask()
    const again = () => document.visibilityState === 'visible' && ask()
    const calledOff = untrack(() => whenIdle(ask))
    document.addEventListener('visibilitychange', again)
    return () => {
      calledOff()
      document.removeEventListener('visibilitychange', again)
    }
  }

  /** Who may have one: none before the board is there. */
  readonly #people = $derived.by(() => {
    const members = this.#board.store.members.filter(({ user_id, role }) => user_id !== null && role !== null)
    return members.map(({ id }) => id).join()
  })

  /** Without an answer faces stay as they are. */
  async #ask(): Promise<void> {
    const found = await avatarsOf(this.#http, this.#board.id).catch((wrong: unknown) => {
      if (wrong instanceof Problem) return null
      throw wrong
    })
    if (found) this.#known = found
  }
}
