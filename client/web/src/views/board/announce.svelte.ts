/** What screen readers hear of the board: one's own moves at once, others' changes in few words. */

import type { Change, Op, Task } from '../../protocol/generated'
import type { Board } from '../../store/types'
import { t } from '../../strings'

/** More changes than this within the pause are told as a number. */
const MOST_TOLD = 3
const PAUSE_MS = 1_000

const KEY = 'lockstep.quiet'

let text = $state('')
let quiet = $state(keptQuiet())

export function announcement(): string {
  return text
}

export function announce(words: string): void {
  text = words
}

/** Whether others' changes are kept from screen readers. What one does oneself is always said. */
export function isQuiet(): boolean {
  return quiet
}

/** Stays on this device. */
export function setQuiet(on: boolean): void {
  quiet = on
  try {
    if (on) localStorage.setItem(KEY, 'on')
    else localStorage.removeItem(KEY)
  } catch {
    // This browser keeps nothing: it lasts as long as the page.
  }
}

/** Tell others' changes of a board while it is open. Returns what stops it. */
export function tellChanges(board: Board): () => void {
  let heard: { who: string; words: string }[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  const tell = () => {
    timer = undefined
    const who = heard[0]?.who ?? t.somebody
    announce(heard.length > MOST_TOLD ? t.live.many(who, heard.length) : heard.map(({ words }) => words).join('. '))
    heard = []
  }
  const stop = board.onChange((change, own) => {
    if (own || quiet) return
    for (const op of change.ops) {
      const words = wordsOf(op, change, board)
      if (words) heard.push({ who: change.actor.name, words })
    }
    if (heard.length > 0) timer ??= setTimeout(tell, PAUSE_MS)
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}

function keptQuiet(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on'
  } catch {
    return false
  }
}

function wordsOf(op: Op, { actor }: Change, { store }: Board): string | null {
  if (op.kind === 'comment' && op.op === 'put') {
    const task = store.task(op.record.task_id)
    return task ? t.live.commented(actor.name, task.title) : null
  }
  if (op.kind !== 'task') return null
  if (op.op === 'remove') return t.live.deleted(actor.name)
  const column = (id: string) => store.column(id)?.name ?? ''
  if (op.op === 'put') return t.live.created(actor.name, op.record.title, column(op.record.column_id))
  const task = store.task(op.id)
  return task ? patchWords(op.fields, task, actor.name, column) : null
}

function patchWords(fields: Partial<Task>, task: Task, who: string, column: (id: string) => string): string | null {
  if (fields.column_id) return t.live.moved(who, task.title, column(fields.column_id))
  if (fields.title) return t.live.renamed(who, fields.title)
  return null
}
