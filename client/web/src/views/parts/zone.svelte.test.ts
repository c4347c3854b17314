import { afterEach, expect, test } from 'vitest'
import { clock, dayOf, goBy, isOverdue, startOf, timeOf, whenOf } from './dates.svelte'
import { chosenZone, deviceZone, momentOf, readingOf, tellIn, wishOf } from './zone.svelte'

const ZONES = ['Asia/Tokyo', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Kiritimati', 'Asia/Kathmandu']

afterEach(() => tellIn(null))

test('a time is told as a clock in the chosen zone shows it, and written back as it was', () => {
  tellIn('Asia/Kathmandu')
  const due = '2026-05-12T20:30:00Z'
  expect([dayOf(startOf(due)), timeOf(startOf(due))]).toEqual(['2026-05-13', '02:15'])
  expect(whenOf('2026-05-13', '02:15')).toBe(due)
  expect(dayOf(startOf('2026-05-12'))).toBe('2026-05-12')
})

test('readings and moments belong together in every zone, on days when clocks are changed too', () => {
  for (const zone of ZONES) {
    tellIn(zone)
    for (const day of ['2026-01-15', '2026-03-29', '2026-07-01', '2026-10-24', '2026-12-31']) {
      const moment = Date.parse(`${day}T12:34:56Z`)
      expect(momentOf(readingOf(moment)), `${zone} ${day}`).toBe(moment)
    }
  }
})

test('what is overdue is so for the whole world, a day when it has ended in the zone', () => {
  goBy(Date.parse('2026-05-12T12:00:00Z') - Date.now())
  tellIn('Pacific/Kiritimati')
  expect(dayOf(new Date(clock()))).toBe('2026-05-13')
  expect([isOverdue('2026-05-12'), isOverdue('2026-05-13')]).toEqual([true, false])
  expect([isOverdue('2026-05-12T11:59:00Z'), isOverdue('2026-05-12T12:10:00Z')]).toEqual([true, false])
  goBy(0)
})

test('none chosen, or none that is known, is the zone of the device', () => {
  const moment = Date.parse('2026-05-12T20:30:00Z')
  for (const zone of [null, 'Mars/Olympus', deviceZone()]) {
    tellIn(zone)
    expect(readingOf(moment)).toEqual(new Date(moment))
  }
  expect([chosenZone({ time_zone: 'UTC' }), chosenZone(null), chosenZone({ time_zone: 'Asia/Tokyo' })]).toEqual([
    null,
    null,
    'Asia/Tokyo',
  ])
  expect([wishOf(null), wishOf('Asia/Tokyo')]).toEqual(['UTC', 'Asia/Tokyo'])
})
