/** Taking back what was done and doing it again, and what is said of it. */

import type { Edit, Turn } from '../../store/types'
import { t } from '../../strings'
import { say } from '../parts/toasts.svelte'
import type { BoardContext } from './context.svelte'

const TOPIC = 'undo'

/** The latest edit, or this one if it was not taken back already. */
export function undo({ board }: BoardContext, edit?: Edit | null): void {
  const turn = board.history.undo(edit)
  if (turn) void tell(turn, t.edits.undid, board)
  else if (edit === undefined) say(t.edits.nothingToUndo, { topic: TOPIC })
}

export function redo({ board }: BoardContext): void {
  const turn = board.history.redo()
  if (turn) void tell(turn, t.edits.redid, board)
  else say(t.edits.nothingToRedo, { topic: TOPIC })
}

async function tell(turn: Turn, done: (what: string) => string, board: BoardContext['board']): Promise<void> {
  const what = t.edits.what(turn.about)
  if (turn.overtaken !== null) return say(t.edits.overtaken(what, turn.overtaken), { topic: TOPIC })
  say(done(what), { topic: TOPIC })
  const rejection = await turn.refused
  if (!rejection) return
  board.dismiss(rejection.id)
  say(t.edits.refused(what, t.rejected.codes[rejection.code] ?? t.rejected.other), { topic: TOPIC })
}
