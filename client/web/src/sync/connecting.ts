/** What it takes to connect, and what comes of it. */

import type { Down, WelcomeMessage } from '../protocol/generated'

export interface Credentials {
  /** A token that is good for a while yet. Throws Problem 401 when the sign-in has ended. */
  token(): Promise<string>
  /** Another token than the one that was refused. Throws as `token` does. */
  renewToken(): Promise<string>
}

export interface ConnectionEvents {
  /** Hello was answered: messages can be sent. */
  up(welcome: WelcomeMessage): void
  /** The messages of one frame, in order. */
  received(messages: readonly Down[]): void
  /** Nothing more is sent or received until the next `up`. */
  down(): void
  /** `phase`, `ended` or both have changed. */
  changed(): void
}

export interface ConnectionOptions {
  url: string
  credentials: Credentials
  /** This client's name, for presence and audit. */
  client: string
  socket?: (url: string) => WebSocket
  /** A line that needs no socket, for networks that let none through. */
  fallback?: () => WebSocket
  random?: () => number
}
