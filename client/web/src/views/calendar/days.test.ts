import { expect, test } from 'vitest'
import { daysBetween, endedOn, firstWeekday, movedBy, onDay, shifted, turned, weeksAround } from './days'

test('a month has whole weeks, from the first day of the week that is usual', () => {
  const monday = weeksAround('2026-11-21', 'month', 1)
  expect(monday).toHaveLength(6)
  expect([monday[0]![0], monday.at(-1)!.at(-1)]).toEqual(['2026-10-26', '2026-12-06'])
  const sunday = weeksAround('2026-11-21', 'month', 0)
  expect([sunday[0]![0], sunday.at(-1)!.at(-1)]).toEqual(['2026-11-01', '2026-12-05'])
  const short = weeksAround('2027-02-10', 'month', 1)
  expect(short.flat()).toHaveLength(28)
})

test('a week is the one around its day', () => {
  expect(weeksAround('2026-11-22', 'week', 1)).toEqual([
    ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'],
  ])
  expect(weeksAround('2026-11-22', 'week', 0)[0]![0]).toBe('2026-11-22')
})

test('the week begins as it does where one is', () => {
  expect(firstWeekday('de-DE')).toBe(1)
  expect(firstWeekday('en-US')).toBe(0)
})

test('days go on over months, leap days and summer time', () => {
  expect(shifted('2028-02-28', 1)).toBe('2028-02-29')
  expect(shifted('2026-12-31', 1)).toBe('2027-01-01')
  expect(shifted('2026-03-28', 2)).toBe('2026-03-30')
  expect(shifted('2026-10-26', -2)).toBe('2026-10-24')
})

test('a month back or on keeps the day where there is one', () => {
  expect(turned('2026-03-31', 'month', -1)).toBe('2026-02-28')
  expect(turned('2026-12-15', 'month', 1)).toBe('2027-01-15')
  expect(turned('2026-12-15', 'week', -1)).toBe('2026-12-08')
})

test('a card that is put on another day keeps its time of day', () => {
  expect(onDay('2026-05-12', '2026-06-01')).toBe('2026-06-01')
  expect(onDay(null, '2026-06-01')).toBe('2026-06-01')
  const evening = new Date(2026, 4, 12, 18, 30).toISOString().replace('.000', '')
  expect(onDay(evening, '2026-06-01')).toBe(new Date(2026, 5, 1, 18, 30).toISOString().replace('.000', ''))
})

test('what is moved keeps its length and its times of day, over summer time too', () => {
  const at = (month: number, day: number, hour: number) =>
    new Date(2026, month, day, hour).toISOString().replace('.000', '')
  expect(movedBy({ start_at: '2026-02-27', due_at: '2026-03-01' }, 1)).toEqual({
    start_at: '2026-02-28',
    due_at: '2026-03-02',
  })
  expect(movedBy({ start_at: at(2, 27, 9), due_at: at(2, 28, 18) }, 2)).toEqual({
    start_at: at(2, 29, 9),
    due_at: at(2, 30, 18),
  })
  expect(movedBy({ start_at: null, due_at: '2026-03-01' }, -1)).toEqual({ start_at: null, due_at: '2026-02-28' })
})

test('an end does not come before its start', () => {
  expect(endedOn({ start_at: '2026-05-10', due_at: '2026-05-12' }, '2026-05-20')).toBe('2026-05-20')
  expect(endedOn({ start_at: '2026-05-10', due_at: '2026-05-12' }, '2026-05-02')).toBe('2026-05-10')
})

test('days are counted, not hours', () => {
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
  expect(daysBetween('2026-10-26', '2026-10-24')).toBe(-2)
})
