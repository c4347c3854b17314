/**
 * G4 on this side of the wire: whatever the order of answers and changes, a replica that has heard everything equals
 * the server.
 */

import { describe, expect, test } from 'vitest'
import type { Kind } from '../protocol/generated'
import { Replica } from './replica'
import { anyCommand, Chance } from './testing/random'
import { AT, snapshot } from './testing/records'
import { ModelServer, type Answer } from './testing/server'
import type { View } from './view'

const KINDS = ['project', 'member', 'column', 'label', 'task', 'dependency'] as const
const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1)

/** A browser whose submits, answers and changes each travel at their own pace. */
class Browser {
  readonly replica: Replica
  readonly name: string
  readonly server: ModelServer
  readonly chance: Chance
  readonly #outgoing: { id: string; commands: Parameters<ModelServer['execute']>[1] }[] = []
  readonly #answers: { id: string; answer: Answer }[] = []
  #submits = 0
  #heard = 10

  constructor(name: string, server: ModelServer, chance: Chance) {
    this.name = name
    this.server = server
    this.chance = chance
    this.replica = new Replica(() => name)
    this.replica.load(snapshot())
  }

  step(): void {
    this.chance.of([this.#edit, this.#send, this.#hear, this.#learn, this.#look])()
  }

  /** Everything that is under way arrives. */
  finish(): void {
    while (this.#outgoing.length || this.#answers.length || this.#heard < this.server.seq) {
      this.#send()
      this.#learn()
      this.#hear()
    }
  }

  readonly #edit = () => {
    const commands = [anyCommand(this.chance, this.replica.view)]
    if (this.chance.next() < 0.3) commands.push(anyCommand(this.chance, this.replica.view))
    const id = `${this.name}-${++this.#submits}`
    this.#outgoing.push({ id, commands })
    this.replica.submit({ id, commands, at: AT })
  }

  readonly #send = () => {
    const submit = this.#outgoing.shift()
    if (submit)
      this.#answers.push({ id: submit.id, answer: this.server.execute(submit.id, submit.commands, this.name) })
  }

  readonly #learn = () => {
    const answered = this.#answers.shift()
    if (!answered) return
    const { id, answer } = answered
    if ('code' in answer) this.replica.reject(id)
    else this.replica.ack(id, { seq: answer.seq, noop: answer.noop ?? false })
  }

  /** Some of the changes that came, in one frame; now and then a snapshot instead, or a frame again. */
  readonly #hear = () => {
    const news = this.server.log.filter(({ seq }) => seq > this.#heard - this.chance.below(3))
    const frame = news.slice(0, 1 + this.chance.below(4))
    if (this.chance.next() < 0.05) this.replica.load(this.server.snapshot())
    else expect(this.replica.apply(frame).state).toBe('whole')
    this.#heard = this.replica.seq
  }

  readonly #look = () => {
    const id = this.chance.of([...this.server.view.all('task').keys()])
    if (id === undefined) return
    if (this.replica.texts.holds(id)) this.replica.dropDetail(id)
    else {
      this.replica.expectDetail(id)
      const detail = this.server.detail(id)
      if (this.chance.next() < 0.5) this.#hear()
      this.replica.loadDetail(detail)
    }
  }
}

function everything(view: View): Record<string, unknown> {
  return Object.fromEntries(KINDS.map((kind: Kind) => [kind, Object.fromEntries([...view.all(kind)].sort())]))
}

function orders(view: View): Record<string, unknown> {
  const columns = view.columns.of('').map(({ id }) => id)
  return { columns, tasks: columns.map((id) => view.tasks.of(id).map((task) => task.id)) }
}

function longTexts(view: View, task: string): unknown {
  return [view.get('description', task), view.comments.of(task), view.checklist.of(task)]
}

describe.each(SEEDS)('seed %i', (seed) => {
  test('three browsers that edit at random end where the server is', () => {
    const chance = new Chance(seed)
    const server = new ModelServer()
    const browsers = ['u1', 'u2', 'u3'].map((name) => new Browser(name, server, chance))
    for (let i = 0; i < 400; i++) chance.of(browsers).step()
    for (const browser of browsers) browser.finish()
    for (const browser of browsers) browser.finish() // what the last ones sent
    for (const { replica } of browsers) {
      expect(replica.seq).toBe(server.seq)
      expect(everything(replica.view)).toEqual(everything(server.view))
      expect(orders(replica.view)).toEqual(orders(server.view))
      for (const id of server.view.all('task').keys())
        if (replica.texts.current(id)) expect(longTexts(replica.view, id)).toEqual(longTexts(server.view, id))
    }
  })
})
