/** Arrow keys, Home and End among the rows of a menu or list; typing a letter goes to the next row that begins with it. */

import type { Attachment } from 'svelte/attachments'

export const rove: Attachment<HTMLElement> = (list) => {
  const onkeydown = (event: KeyboardEvent) => {
    const rows = [...list.querySelectorAll<HTMLElement>('.menu-row:not(:disabled)')]
    const next = step(rows, rows.indexOf(document.activeElement as HTMLElement), event)
    if (!next) return
    event.preventDefault()
    next.focus()
  }
  list.addEventListener('keydown', onkeydown)
  return () => list.removeEventListener('keydown', onkeydown)
}

function step(rows: HTMLElement[], at: number, event: KeyboardEvent): HTMLElement | undefined {
  if (event.key === 'ArrowDown') return rows[(at + 1) % rows.length]
  if (event.key === 'ArrowUp') return rows[(Math.max(at, 0) - 1 + rows.length) % rows.length]
  const writing = event.target instanceof HTMLInputElement
  if (writing || event.ctrlKey || event.metaKey || event.altKey) return undefined
  if (event.key === 'Home') return rows[0]
  if (event.key === 'End') return rows[rows.length - 1]
  if (event.key.length !== 1 || event.key === ' ') return undefined
  const letter = event.key.toLocaleLowerCase()
  const begins = (row: HTMLElement) => (row.ariaLabel ?? row.textContent)?.trim().toLocaleLowerCase().startsWith(letter)
  return rows.slice(at + 1).find(begins) ?? rows.find(begins)
}
