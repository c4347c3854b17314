import { expect, test } from 'vitest'
import type { Known } from '../board/quick'
import { whenOf } from '../parts/dates.svelte'
import { whenIn } from './when'

const known: Known = {
  labels: [{ id: 'l', name: 'red' }],
  members: [],
  priorities: [],
  days: [
    { name: 'Today', after: 0 },
    { name: 'Tomorrow', after: 1 },
  ],
  weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'].map((name) => [name]),
  now: new Date(2026, 4, 12, 9), // a Tuesday
}

test.each([
  ['fri', '2026-05-15'],
  ['Fri 14:00', whenOf('2026-05-15', '14:00')],
  ['  tomorrow ', '2026-05-13'],
  ['tomorrow  9:30', whenOf('2026-05-13', '09:30')],
  ['in 3 days', '2026-05-15'],
  ['In 2 weeks', '2026-05-26'],
  ['in 3 Tagen', '2026-05-15'],
  ['in 1 day 8:00', whenOf('2026-05-13', '08:00')],
  ['+10', '2026-05-22'],
  ['2026-06-01', '2026-06-01'],
  ['2026-02-30', null],
  ['tomorrow 25:00', null],
  ['in 3 moons', null],
  ['tomorrow or so', null],
  ['tomorrow #red', null],
  ['', null],
])('%s → %s', (words, when) => expect(whenIn(words, known)).toBe(when))
