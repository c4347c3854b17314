/** What a person looks like: their colour, as an angle in degrees for `--angle`, which comes from the id and so is the same on every screen, and their picture. */

import { createContext } from 'svelte'

export interface Looks {
  readonly angle: number | undefined
  /** The address of their picture, where they have one. */
  readonly picture: string | undefined
  readonly bot: boolean
}

/** Where there are people to be told apart, their looks by id. */
export const [usePersons, providePersons, hasPersons] = createContext<(id: string) => Looks>()

/** From green around to orange: between them, behind white letters, hues look like mud. */
const FIRST = 130
const STEP = 29
const STEPS = 11

/** The angle of somebody alone. */
export function angleOfPerson(id: string): number {
  return angleAt(slotOf(id))
}

/** The angles of people together: whoever finds a colour taken takes the next free one, in order of ids, while there are any. */
export function anglesOfPeople(ids: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Set<number>()
  return new Map(ids.map((id) => [id, angleAt(freeSlot(slotOf(id), taken))]))
}

function freeSlot(wanted: number, taken: Set<number>): number {
  let slot = wanted
  for (let tries = 0; tries < STEPS && taken.has(slot); tries++) slot = (slot + 4) % STEPS
  taken.add(slot)
  return slot
}

/** FNV-1a of the id. */
function slotOf(id: string): number {
  let sum = 2_166_136_261
  for (const letter of id) sum = Math.imul(sum ^ letter.charCodeAt(0), 16_777_619) >>> 0
  return sum % STEPS
}

function angleAt(slot: number): number {
  return (FIRST + STEP * slot) % 360
}
