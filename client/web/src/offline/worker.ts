/** The service worker: built to `/service-worker.js`, with the build it belongs to put before it (vite.config.ts). */

import { Shell, type Build } from './shell'

declare const __BUILD__: Build

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface Fetching extends Lasting {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

/** What the DOM's types lack of a service worker's scope. */
const worker = globalThis as unknown as EventTarget & {
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
}

const shell = new Shell(__BUILD__, caches, fetch.bind(globalThis))

worker.addEventListener('install', (event) => (event as Lasting).waitUntil(shell.install()))

worker.addEventListener('activate', (event) =>
  (event as Lasting).waitUntil(shell.sweep().then(() => worker.clients.claim())),
)

worker.addEventListener('fetch', (event) => {
  const { request } = event as Fetching
  const answer = shell.answer(request, location.origin)
  if (answer) (event as Fetching).respondWith(answer)
})

// A page that wants the new build says so (builds.ts).
worker.addEventListener('message', (event) => {
  if ((event as MessageEvent).data === 'take') void worker.skipWaiting()
})
