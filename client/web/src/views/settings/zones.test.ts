import { expect, test } from 'vitest'
import { find, labelOf, timeIn, ZONES } from './zones'

test('a zone is found by its city or its region, the city first', () => {
  expect(find('berl')[0]).toEqual({ name: 'Europe/Berlin', label: 'Europe · Berlin' })
  expect(find('new york')[0]?.name).toBe('America/New_York')
  expect(find('europe lon').map(({ name }) => name)).toEqual(['Europe/London'])
  expect(['kyiv', 'kolkata', 'kathmandu'].map((city) => find(city)[0]?.label)).toEqual([
    'Europe · Kyiv',
    'Asia · Kolkata',
    'Asia · Kathmandu',
  ])
  expect(find('atlantis')).toEqual([])
  expect(find('')).toHaveLength(60)
  expect(ZONES.every(({ name }) => name.includes('/'))).toBe(true)
})

test('UTC can be chosen, and is not what an account says that has chosen none', () => {
  expect(find('utc')).toEqual([{ name: 'Etc/UTC', label: 'UTC' }])
})

test('a zone is called as people write it, with its clock', () => {
  expect(labelOf('America/Argentina/Buenos_Aires')).toBe('America · Argentina · Buenos Aires')
  expect(timeIn('Asia/Kathmandu', Date.parse('2026-05-12T20:30:00Z'), 'en-GB')).toBe('02:15')
})
