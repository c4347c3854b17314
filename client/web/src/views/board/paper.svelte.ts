/** Whether the page is being printed: long lists are then drawn whole. */

import { flushSync } from 'svelte'

let printing = $state(false)

/** Reading it in a component or effect follows it. */
export function onPaper(): boolean {
  return printing
}

/** Listens for the print dialog. Returns what stops it. */
export function watchPaper(): () => void {
  const stop = new AbortController()
  // What is drawn when the event is over is what is printed.
  const print = (on: boolean) => () => flushSync(() => (printing = on))
  window.addEventListener('beforeprint', print(true), { signal: stop.signal })
  window.addEventListener('afterprint', print(false), { signal: stop.signal })
  return () => stop.abort()
}
