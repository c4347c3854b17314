/** A machine that sleeps tells nobody when it wakes; a timer that rings far too late does. */

const TICK_MS = 5_000
/** A busy page is late too, but not that much. */
const LATE_MS = 10_000

/** Calls `woken` after each sleep, until `signal` is aborted. A page in the background is late without one. */
export function onWake(woken: () => void, signal: AbortSignal): void {
  let last = Date.now()
  const timer = setInterval(() => {
    const now = Date.now()
    if (now - last > TICK_MS + LATE_MS) woken()
    last = now
  }, TICK_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
}
