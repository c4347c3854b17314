/**
 * What outlives the page: unanswered submits, so that closing a laptop loses no edit, and the last facts of boards, so
 * that they open at once and without a network, with the long texts of cards that were open. Not here: when something is
 * put there (outbox.ts, keeping.ts), and where it is kept (shelf-database.ts).
 */

import type { Snapshot } from '../protocol/generated'
import type { Pending } from './replica'
import type { Texts } from './texts'

/** What one user has in this browser. Writes are not awaited. */
export interface Shelf {
  /** A project's submits that are this tab's to send, in the order in which they were made. */
  all(project: string): Promise<readonly Pending[]>
  /** Makes those of tabs that are gone this tab's, and gives them. */
  claim(project: string): Promise<readonly Pending[]>
  /** Projects with submits that are this tab's, or nobody's. */
  waiting(): Promise<readonly string[]>
  put(project: string, pending: Pending): void
  remove(id: string): void
  /** How many submits wait, in all projects and tabs. */
  unsent(): Promise<number>
  /** A board as it was when it was last kept. */
  board(project: string): Promise<Snapshot | null>
  /** All that were kept, the latest first. */
  boards(): Promise<readonly Snapshot[]>
  keep(board: Snapshot): void
  /** Forgets a project: its board and texts, and what waits for it in any tab. */
  drop(project: string): void
  /** Forgets the boards of all projects but these. */
  retain(projects: readonly string[]): void
  /** Long texts of a board's tasks as they were when they were last kept, in no order. They go with the board. */
  texts(project: string): Promise<readonly Texts[]>
  keepTexts(project: string, texts: Texts): void
  dropTexts(project: string, task: string): void
  /** Forgets all boards, and takes none any more. */
  forgetBoards(): Promise<void>
  /** Forgets everything, and takes nothing any more. */
  forget(): Promise<void>
}

/** Keeps nothing: where the browser has no database. */
export const NO_SHELF: Shelf = {
  all: () => Promise.resolve([]),
  claim: () => Promise.resolve([]),
  waiting: () => Promise.resolve([]),
  put: () => {},
  remove: () => {},
  unsent: () => Promise.resolve(0),
  board: () => Promise.resolve(null),
  boards: () => Promise.resolve([]),
  keep: () => {},
  drop: () => {},
  retain: () => {},
  texts: () => Promise.resolve([]),
  keepTexts: () => {},
  dropTexts: () => {},
  forgetBoards: () => Promise.resolve(),
  forget: () => Promise.resolve(),
}
