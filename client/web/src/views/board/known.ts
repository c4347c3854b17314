/** The names that a line may use, of a board and of the person's language. */

import type { Records } from '../../store/types'
import { t } from '../../strings'
import { locale } from '../../strings/language'
import { PRIORITIES, PRIORITY_VALUES } from '../parts/priority'
import type { Known } from './quick'

/** Any Sunday. */
const A_SUNDAY = Date.UTC(2023, 0, 1)
const DAY_MS = 86_400_000
let named: readonly (readonly string[])[] | undefined

export function knownOn(store: Records, now: number): Known {
  const mine = store.me ? [{ id: store.me.id, name: t.onBoard.quick.me }] : []
  return {
    labels: store.labels,
    members: [...store.members.filter(({ role }) => role !== null), ...mine],
    priorities: PRIORITIES.map((name) => ({ name: t.priority.names[name], value: PRIORITY_VALUES[name] })),
    days: [
      { name: t.due.today, after: 0 },
      { name: t.due.tomorrow, after: 1 },
    ],
    weekdays: (named ??= weekdays()),
    now: new Date(now),
  }
}

/** In the person's language and in English, from Sunday on. */
function weekdays(): readonly (readonly string[])[] {
  const long = [locale(), 'en'].map((code) => new Intl.DateTimeFormat(code, { weekday: 'long', timeZone: 'UTC' }))
  return Array.from({ length: 7 }, (_, day) => long.map((format) => format.format(A_SUNDAY + day * DAY_MS)))
}
