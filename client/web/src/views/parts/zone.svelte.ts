/**
 * The time zone that dates are told in: as somebody chose it, else this device's. A reading is a `Date` whose own fields,
 * hours and days, are what a clock in that zone shows, whatever zone this device is in.
 */

/** What the server says of who has chosen none. */
const NONE_CHOSEN = 'UTC'

let zone = $state<string | null>(null)
const shift = $derived(zone === null ? null : shiftIn(zone))

export function deviceZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Null where none was chosen. */
export function chosenZone(account: { readonly time_zone: string } | null | undefined): string | null {
  return account && account.time_zone !== NONE_CHOSEN ? account.time_zone : null
}

export function wishOf(chosen: string | null): string {
  return chosen ?? NONE_CHOSEN
}

/** Tell dates in this zone from now on; null: in the device's. What this browser does not know is left aside. */
export function tellIn(chosen: string | null): void {
  zone = chosen === null || chosen === deviceZone() || !isKnown(chosen) ? null : chosen
}

/** What a clock in the zone shows at a moment, in milliseconds since 1970. */
export function readingOf(moment: number): Date {
  return new Date(shift === null || Number.isNaN(moment) ? moment : moment + shift(moment))
}

/** When a clock in the zone shows this, in milliseconds since 1970; of an hour that comes twice one of both. */
export function momentOf(reading: Date): number {
  const shown = reading.getTime()
  const ahead = (moment: number) => readingOf(moment).getTime() - moment
  return shown - ahead(shown - ahead(shown)) // the first guess may lie beyond a change of the zone's offset
}

function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== null
  } catch {
    return false
  }
}

/** Offsets of zones change at full quarters of an hour, if at all: within one they are asked for once. */
const QUARTER_MS = 900_000
const MOST_KEPT = 10_000

/** By how much a reading, as this device understands its fields, is off the moment, in milliseconds. */
function shiftIn(timeZone: string): (moment: number) => number {
  const kept = new Map<number, number>()
  const two = '2-digit'
  const fields = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', { timeZone, hourCycle: 'h23', ...fields })
  return (moment) => {
    const quarter = Math.floor(moment / QUARTER_MS)
    const known = kept.get(quarter)
    if (known !== undefined) return known
    const shown = Object.fromEntries(format.formatToParts(quarter * QUARTER_MS).map((part) => [part.type, +part.value]))
    const reading = new Date(shown.year!, shown.month! - 1, shown.day, shown.hour, shown.minute, shown.second)
    const found = reading.getTime() - quarter * QUARTER_MS
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(quarter, found)
    return found
  }
}
