/**
 * One task's description while it is written: saved at pauses, one submit at a time, what is written meanwhile going
 * with the next. What others save meanwhile is merged in; where both changed the same place, nothing is saved until the
 * person has chosen. Not here: the field it is written in, and how texts are merged (merge.ts).
 */

import type { DescribeTask } from '../protocol/generated'
import type { Kept } from './kept'
import { merge } from './merge'
import { Rejected, type Outcome } from './outcome'
import type { Replica } from './replica'

/** What is kept of it over a reload. */
export interface Draft {
  readonly mine: string
  /** The text that `mine` began as. */
  readonly base: string
}

export interface WritingOptions {
  readonly task: string
  readonly replica: Replica
  readonly kept: Kept<Draft>
  readonly submit: (command: DescribeTask) => Promise<Outcome>
  /** A rejection that is dealt with here. */
  readonly dismiss: (rejection: string) => void
  /** `mine` or `theirs` is another, or all is `settled`. */
  readonly changed: () => void
}

/** A pause in writing this long saves, in milliseconds. */
export const PAUSE_MS = 1_200

export class Writing {
  readonly #options: WritingOptions
  #mine: string | null = null
  #theirs: string | null = null
  /** What is in flight. */
  #sent: string | null = null
  #base = ''
  #baseSeq = 0
  /** The fact that was last looked at. */
  #known: string | null = null
  /** How often others' text was taken in. */
  #merges = 0
  /** Saving waits for the next fact. */
  #waiting = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: WritingOptions) {
    this.#options = options
    const draft = options.kept.get(options.task)
    if (!draft) return
    this.#mine = draft.mine
    this.#base = draft.base
    this.#waiting = true
  }

  /** What is written and not saved for good; null when that is nothing. */
  get mine(): string | null {
    return this.#mine
  }

  /** What somebody else wrote in the same place, while there is a choice to make. */
  get theirs(): string | null {
    return this.#theirs
  }

  /** Nothing is left to be saved here; a choice that is open waits until the card is. */
  get settled(): boolean {
    return this.#theirs !== null || (this.#mine === null && this.#sent === null)
  }

  write(text: string): void {
    if (this.#mine === null) {
      this.#base = this.#options.replica.view.get('description', this.#options.task)?.text ?? ''
      this.#baseSeq = this.#baseOf()
      this.#known = this.#fact()
    }
    this.#become(text)
    this.#soon()
  }

  /** Writing has paused or ended. */
  save(): void {
    this.#stop()
    if (this.#mine === null || this.#theirs !== null || this.#sent !== null) return
    if (this.#mine === this.#base) return this.#become(null)
    const { task: id, submit } = this.#options
    const [text, base_seq, merges] = [this.#mine, this.#baseSeq, this.#merges]
    this.#sent = text
    submit({ type: 'describe_task', id, text, base_seq }).then(
      ({ seq }) => this.#saved(text, seq, merges),
      (wrong: unknown) => this.#refused(wrong, text, base_seq),
    )
  }

  /** Looks at what is saved now. Call after every step of the replica. */
  observe(): void {
    const fact = this.#fact()
    if (fact === null || this.#mine === null) return
    if (fact !== this.#known && fact !== this.#base && fact !== this.#sent) this.#takeIn(fact, this.#mine)
    else if (fact !== this.#known || fact === this.#base) this.#rebase(fact)
    this.#known = fact
    if (!this.#waiting || this.#sent !== null) return
    this.#waiting = false
    this.save()
  }

  /** Ends the choice: with one of the texts, or with both, to be worked on. */
  choose(choice: 'mine' | 'theirs' | 'both'): void {
    if (this.#mine === null || this.#theirs === null) return
    const texts = { mine: this.#mine, theirs: this.#theirs, both: merge(this.#base, this.#mine, this.#theirs).text }
    this.#rebase(this.#theirs)
    this.#become(texts[choice])
    this.save()
  }

  /** What someone else has saved meets what is written here. */
  #takeIn(fact: string, mine: string): void {
    const { text, clean } = merge(this.#base, mine, fact)
    this.#merges++
    this.#stop()
    if (!clean) {
      this.#theirs = fact
      return this.#options.changed()
    }
    this.#rebase(fact)
    this.#become(text)
    this.#soon()
  }

  /** `text` is saved as of now: what is written here is written on top of it. Ends a choice that was open. */
  #rebase(text: string): void {
    this.#base = text
    this.#baseSeq = this.#baseOf()
    if (this.#theirs === null) return
    this.#theirs = null
    this.#soon()
    this.#options.changed()
  }

  #saved(text: string, seq: number, merges: number): void {
    this.#sent = null
    if (merges === this.#merges) {
      this.#base = this.#known = text
      this.#baseSeq = Math.max(this.#baseSeq, seq)
    }
    if (this.#mine === this.#base) this.#become(null)
    else if (this.#timer === undefined) this.save()
  }

  /** A conflict is merged as soon as the other text is here; any other refusal is told by the board, which keeps the text. */
  #refused(wrong: unknown, text: string, baseSeq: number): void {
    if (!(wrong instanceof Rejected)) throw wrong
    this.#sent = null
    if (wrong.code === 'conflict') {
      this.#options.dismiss(wrong.rejection.id)
      if (this.#baseSeq === baseSeq) this.#waiting = true
      else if (this.#timer === undefined) this.save()
    } else if (this.#mine !== text) this.save()
    else this.#become(null)
    this.#options.changed()
  }

  #become(mine: string | null): void {
    const { task, kept, changed } = this.#options
    this.#mine = mine
    if (mine === null) kept.remove(task)
    else kept.put(task, { mine, base: this.#base })
    changed()
  }

  /** Null while it is not here, or may lack changes. */
  #fact(): string | null {
    const { replica, task } = this.#options
    return replica.texts.current(task) ? (replica.view.fact('description', task)?.text ?? '') : null
  }

  #baseOf(): number {
    const { replica, task } = this.#options
    return replica.texts.seqOf(task, replica.seq)
  }

  #soon(): void {
    this.#stop()
    this.#timer = setTimeout(() => this.save(), PAUSE_MS)
  }

  #stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
