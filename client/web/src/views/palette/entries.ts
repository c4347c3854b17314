/** What the palette finds, and in which order. Not here: what there is on this page (sources.ts) and how it looks (Palette). */

import type { Component } from 'svelte'
import { fold } from '../filter/filter'
import { needleOf, scoreOf } from './fuzzy'

export type Kind = 'command' | 'card' | 'board' | 'person' | 'choice'

export interface Entry {
  /** Stable from one opening to the next, to be found among the recent ones. */
  readonly id: string
  readonly kind: Kind
  readonly name: string
  /** Further words it is found by. */
  readonly also?: string
  /** What is said of it at its end: the column of a card, the keys of a command. */
  readonly hint?: string
  readonly keys?: string
  readonly icon?: Component<{ size?: number }>
  readonly member?: { readonly id: string; readonly name: string }
  /** Of a choice: whether it holds now. */
  readonly on?: boolean
  /** Returns true when the palette is to stay for another choice. */
  readonly run: () => boolean | void
}

/** More than anybody reads. */
const MOST = 40
const MOST_RECENT = 6

/** Where two fit equally well. */
const WEIGHT: Readonly<Record<Kind, number>> = { command: 0.06, choice: 0.05, board: 0.04, card: 0.02, person: 0 }
const RECENT_WEIGHT = 0.15

export class Index {
  readonly #entries: readonly { readonly entry: Entry; readonly name: string; readonly also: string }[]
  readonly #recent: readonly string[]

  /** `recent`: ids, the latest first. */
  constructor(entries: readonly Entry[], recent: readonly string[]) {
    this.#entries = entries.map((entry) => ({ entry, name: fold(entry.name), also: fold(entry.also ?? '') }))
    this.#recent = recent
  }

  /** The best first. With nothing typed the recent ones, then everything but cards and people. */
  find(typed: string): readonly Entry[] {
    const needle = needleOf(typed)
    if (needle.words.length === 0) return this.#beforeTyping()
    const found: { entry: Entry; score: number }[] = []
    for (const { entry, name, also } of this.#entries) {
      const score = scoreOf(needle, name) ?? (also ? half(scoreOf(needle, `${name} ${also}`)) : null)
      if (score !== null) found.push({ entry, score: score + WEIGHT[entry.kind] + this.#recency(entry) })
    }
    return found
      .sort((a, b) => b.score - a.score)
      .slice(0, MOST)
      .map(({ entry }) => entry)
  }

  #beforeTyping(): readonly Entry[] {
    const entries = this.#entries.map(({ entry }) => entry)
    const known = new Map(entries.map((entry) => [entry.id, entry]))
    const recent = this.#recent.map((id) => known.get(id)).filter((entry) => entry !== undefined)
    const first = recent.slice(0, MOST_RECENT)
    const rest = entries.filter((entry) => !first.includes(entry) && entry.kind !== 'card' && entry.kind !== 'person')
    return [...first, ...rest].slice(0, MOST)
  }

  #recency({ id }: Entry): number {
    const at = this.#recent.indexOf(id)
    return at < 0 ? 0 : RECENT_WEIGHT / (at + 1)
  }
}

function half(score: number | null): number | null {
  return score === null ? null : score / 2
}

const MOST_KEPT = 20

/** The recent ids with one put in front. */
export function recentWith(recent: readonly string[], id: string): readonly string[] {
  return [id, ...recent.filter((each) => each !== id)].slice(0, MOST_KEPT)
}
