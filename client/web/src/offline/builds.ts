/**
 * When a page goes over to a new build: at once while it has only just been opened, else when the person says so. Edits
 * that wait are on the shelf and outlive the change. Not here: what a build is (shell.ts).
 */

const SCRIPT = '/service-worker.js'
/** How often a page that stays open looks for a new build, when it is seen again. */
const LOOK_MS = 3_600_000

interface Page {
  readonly container: ServiceWorkerContainer
  readonly document: EventTarget & { readonly visibilityState: DocumentVisibilityState }
  reload(): void
}

/** `offer` is called with what takes a new build once there is one. Does nothing where there are no service workers. */
export async function followBuilds(page: Page, offer: (take: () => void) => void): Promise<void> {
  const { container } = page
  const registration = await container.register(SCRIPT, { updateViaCache: 'none' }).catch(() => null)
  if (!registration) return
  const take = (worker: ServiceWorker) => {
    container.addEventListener('controllerchange', () => page.reload(), { once: true })
    worker.postMessage('take')
  }
  if (registration.waiting && container.controller) return take(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const next = registration.installing
    next?.addEventListener('statechange', () => {
      if (next.state === 'installed' && container.controller) offer(() => take(next))
    })
  })
  lookNowAndThen(registration, page)
}

function lookNowAndThen(registration: ServiceWorkerRegistration, { document }: Page): void {
  let last = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - last < LOOK_MS) return
    last = Date.now()
    registration.update().catch(() => {}) // without a network there is nothing new
  })
}
