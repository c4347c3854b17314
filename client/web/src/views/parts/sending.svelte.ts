/** A form on its way to the server: busy, then done or refused, with the focus on the first field that is wrong. */

import { focusWrong, NO_ERRORS, refusals, type Closer, type FormErrors } from './refusals'

export class Sending {
  #busy = $state(false)
  #errors = $state.raw<FormErrors>(NO_ERRORS)

  get busy(): boolean {
    return this.#busy
  }

  get errors(): FormErrors {
    return this.#errors
  }

  /** What the server need not be asked for. */
  async refuse(errors: FormErrors, form?: HTMLElement | null): Promise<void> {
    this.#errors = errors
    await focusWrong(form)
  }

  /** Returns whether it was done. One at a time: a second press does nothing. */
  async run(work: () => Promise<void>, closer: Closer = {}, form?: HTMLElement | null): Promise<boolean> {
    if (this.#busy) return false
    this.#busy = true
    this.#errors = NO_ERRORS
    try {
      await work()
      return true
    } catch (wrong) {
      await this.refuse(refusals(wrong, closer), form)
      return false
    } finally {
      this.#busy = false
    }
  }
}
