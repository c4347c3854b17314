/** The time zones that may be chosen, with the clock in each. Pure. */

import { fold } from '../filter/filter'

export interface Zone {
  /** As the server knows it: `Europe/Berlin`. */
  readonly name: string
  /** `Europe · Berlin`. */
  readonly label: string
}

/** As many as anybody looks through. */
const MOST = 60

/** Browsers list some by what they were called once. */
const RENAMED: Readonly<Record<string, string>> = {
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
  UTC: 'Etc/UTC', // by its short name an account says that none was chosen
}

export const ZONES: readonly Zone[] = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'].map(nameToday))]
  .filter((name) => name.includes('/'))
  .sort()
  .map((name) => ({ name, label: labelOf(name) }))

export function nameToday(name: string): string {
  return RENAMED[name] ?? name
}

export function labelOf(name: string): string {
  return name.replace('Etc/', '').replaceAll('_', ' ').split('/').join(' · ')
}

/** Those with all of the words, those whose city begins with them first. */
export function find(typed: string, zones: readonly Zone[] = ZONES): readonly Zone[] {
  const words = fold(typed).split(/\s+/).filter(Boolean)
  const found = zones.filter(({ label }) => words.every((word) => fold(label).includes(word)))
  const begins = ({ label }: Zone) => (fold(label.split(' · ').at(-1)!).startsWith(words.join(' ')) ? 0 : 1)
  return [...found].sort((a, b) => begins(a) - begins(b)).slice(0, MOST)
}

/** What a clock there shows: `14:05`. */
export function timeIn(timeZone: string, moment: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(moment)
}
