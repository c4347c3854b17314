/** Ids of records and submits: the client makes them, by time, so that what is made together lies together. */

import { v7 } from 'uuid'

export function newId(): string {
  return v7()
}
