/** What can be written instead of a word that begins with `@` (people) or `#` (cards). */

import { untrack } from 'svelte'
import type { Member, Task } from '../../protocol/generated'
import type { Records } from '../../store/types'
import type { Names } from '../parts/markdown'

export interface Offer {
  readonly label: string
  readonly detail?: string
}

const OFFERS_MAX = 8

export function offersFor(word: string, store: Pick<Records, 'members' | 'tasks'>): readonly Offer[] {
  const written = word.slice(1).toLocaleLowerCase()
  if (word.startsWith('@')) return peopleNamed(store.members, written).map(({ name }) => ({ label: `@${name}` }))
  return cardsNamed(store.tasks, written).map(({ number, title }) => ({ label: `#${number}`, detail: title }))
}

/** Those who have access and a name of which a word begins so. */
function peopleNamed(members: readonly Member[], written: string): readonly Member[] {
  const begins = ({ name }: Member) => ` ${name.toLocaleLowerCase()}`.includes(` ${written}`)
  return members.filter((member) => member.role !== null && begins(member)).slice(0, OFFERS_MAX)
}

/** Cards whose number begins so, then those whose title holds it; the latest first. */
export function cardsNamed(tasks: Iterable<Task>, written: string, most = OFFERS_MAX): readonly Task[] {
  const known = [...tasks].filter(({ number, archived_at }) => number > 0 && archived_at === null)
  const numbered = known.filter(({ number }) => String(number).startsWith(written))
  const titled = known.filter((task) => !numbered.includes(task) && task.title.toLocaleLowerCase().includes(written))
  const latest = (a: Task, b: Task) => b.number - a.number
  return [...numbered.sort(latest), ...titled.sort(latest)].slice(0, most)
}

/** Who and what a board's texts may name. Looked up when a text is drawn; it is not drawn again for every change of a card. */
export function namesOn(store: Pick<Records, 'members' | 'tasks'>, hrefOf: (task: string) => string): Names {
  const card = (number: number) => {
    for (const { id, title, number: known } of store.tasks) if (known === number) return { title, href: hrefOf(id) }
    return undefined
  }
  return { card: (number) => untrack(() => card(number)), people: store.members.map(({ name }) => name) }
}
