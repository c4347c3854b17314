/** What a facet can be asked for on this board, by name. */

import type { Label, Member } from '../../protocol/generated'
import type { Records } from '../../store/types'
import { t } from '../../strings'
import { hueOf } from '../parts/hue'
import { PRIORITIES, type PriorityName } from '../parts/priority'
import { DUES, FACTS, NONE, type Facet } from './filter'

export interface Choice {
  readonly value: string
  readonly name: string
  /** What it stands for, where that has a look of its own. */
  readonly label?: Label
  readonly member?: Member
  readonly priority?: PriorityName
}

export function choicesOf(facet: Facet, store: Records): readonly Choice[] {
  const words = t.views.filter
  switch (facet) {
    case 'labels': {
      const labels = store.labels.map((label) => ({ value: label.id, name: label.name || colorOf(label), label }))
      return [...labels, { value: NONE, name: words.noLabel }]
    }
    case 'people':
      return [...peopleOf(store), { value: NONE, name: words.nobody }]
    case 'due':
      return DUES.map((value) => ({ value, name: words.dues[value] }))
    case 'priorities':
      return PRIORITIES.map((value) => ({ value, name: t.priority.names[value], priority: value }))
    case 'columns':
      return store.columns.map(({ id, name }) => ({ value: id, name }))
    case 'has':
      return FACTS.map((value) => ({ value, name: words.facts[value] }))
  }
}

/** Oneself first. */
function peopleOf(store: Records): Choice[] {
  const me = store.me?.id
  const choice = (member: Member) => ({
    value: member.id,
    name: member.id === me ? t.views.filter.me(member.name) : member.name,
    member,
  })
  const mine = store.members.filter(({ id }) => id === me)
  return [...mine, ...store.members.filter(({ id }) => id !== me)].map(choice)
}

function colorOf(label: Label): string {
  return t.label.colors[hueOf(label.color)]
}
