/** The submits of one project whose end is not known yet, and who waits for it. */

import type { Command } from '../protocol/generated'
import { aboutOf, type About } from './about'
import { newId } from './ids'
import { Rejected, rejectionOf, type Outcome, type Refusal, type Rejection } from './outcome'
import type { Pending } from './replica'
import type { View } from './view'

interface Submit {
  readonly pending: Pending
  readonly about: About
  /** Not there for what an earlier visit left. */
  readonly resolve?: (outcome: Outcome) => void
  readonly reject?: (refused: Rejected) => void
}

export class Submits {
  readonly #view: View
  readonly #submits = new Map<string, Submit>()

  constructor(view: View) {
    this.#view = view
  }

  /** A new one, and the promise of its end. */
  make(commands: readonly Command[], at: Date): { pending: Pending; outcome: Promise<Outcome> } {
    const about = aboutOf(commands, this.#view)
    const pending = { id: newId(), commands, at: at.toISOString() }
    const outcome = new Promise<Outcome>((resolve, reject) =>
      this.#submits.set(pending.id, { pending, about, resolve, reject }),
    )
    outcome.catch(() => {}) // who does not wait for it reads the rejections
    return { pending, outcome }
  }

  /** One of an earlier visit. False when it is known already. */
  adopt(pending: Pending): boolean {
    if (this.#submits.has(pending.id)) return false
    this.#submits.set(pending.id, { pending, about: aboutOf(pending.commands, this.#view) })
    return true
  }

  has(id: string): boolean {
    return this.#submits.has(id)
  }

  settle(id: string, outcome: Outcome): void {
    this.#submits.get(id)?.resolve?.(outcome)
    this.#submits.delete(id)
  }

  /**
   * Calls `tell` with what is lost, then tells whoever waits. Of what an earlier visit left, another tab may have sent
   * a later version: then nothing is lost.
   */
  refuse(id: string, refusal: Refusal, tell: (rejection: Rejection) => void): void {
    const submit = this.#submits.get(id)
    if (!submit) return
    this.#submits.delete(id)
    const rejection = rejectionOf({ ...submit.pending, about: submit.about }, refusal)
    if (submit.reject || refusal.code !== 'id_reuse') tell(rejection)
    submit.reject?.(new Rejected(rejection))
  }
}
