/** Work that can wait until the page has nothing else to do. */

/** Returns how to call it off. Where the browser does not tell when it is idle, the work waits for one task. */
export function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(work)
    return () => clearTimeout(timer)
  }
  const handle = requestIdleCallback(work)
  return () => cancelIdleCallback(handle)
}
