/** One's own account over REST. Each function throws Problem. Not here: signing in (http.ts, entrance.ts), API tokens (api-tokens.ts). */

import type { Http, SignedIn } from './http'

export interface SignIn {
  readonly id: string
  /** What the browser says of itself. */
  readonly client: string
  readonly address: string
  readonly created_at: string
  readonly used_at: string
  /** The one that asks. */
  readonly current: boolean
}

/** What an authenticator is set up with: `uri` for its camera, `secret` for its keyboard. */
export interface Proposal {
  readonly secret: string
  readonly uri: string
}

type Asking = Pick<Http, 'ask'>
type Fetching = Pick<Http, 'authorised'>
type Both = { readonly password: string; readonly code: string }

/** Making a picture or a ZIP takes longer than an answer. */
const LONG_MS = 300_000

// Profile

export function changeProfile(
  http: Asking,
  fields: Partial<Pick<SignedIn, 'name' | 'time_zone' | 'language'>>,
): Promise<SignedIn> {
  return http.ask('PATCH', '/v1/me', fields)
}

export async function setPicture(http: Fetching, image: Blob): Promise<void> {
  await http.authorised('PUT', '/v1/me/avatar', { body: image, timeoutMs: LONG_MS })
}

export function removePicture(http: Asking): Promise<void> {
  return http.ask('DELETE', '/v1/me/avatar')
}

// What lets one in

/** `current` is empty for who has no password yet. */
export function changePassword(http: Asking, current: string, password: string): Promise<void> {
  return http.ask('POST', '/v1/me/password', { current, password })
}

/** `mailed`: the address stays until the link in its mail is opened. */
export async function changeEmail(http: Fetching, email: string, password: string): Promise<{ mailed: boolean }> {
  const { status } = await http.authorised('POST', '/v1/me/email', { body: { email, password } })
  return { mailed: status === 202 }
}

export async function signIns(http: Asking): Promise<readonly SignIn[]> {
  return (await http.ask<{ items: readonly SignIn[] }>('GET', '/v1/me/sign-ins')).items
}

export function endSignIn(http: Asking, id: string): Promise<void> {
  return http.ask('DELETE', `/v1/me/sign-ins/${id}`)
}

export function endOtherSignIns(http: Asking): Promise<void> {
  return http.ask('DELETE', '/v1/me/sign-ins')
}

export function proposeFactor(http: Asking, password: string): Promise<Proposal> {
  return http.ask('POST', '/v1/me/second-factor', { password })
}

/** Answers with recovery codes, which are told this once. */
export async function confirmFactor(http: Asking, code: string): Promise<readonly string[]> {
  return codesOf(await http.ask('POST', '/v1/me/second-factor/confirm', { code }))
}

/** Other recovery codes. */
export async function renewCodes(http: Asking, shown: Both): Promise<readonly string[]> {
  return codesOf(await http.ask('POST', '/v1/me/second-factor/recovery-codes', shown))
}

export function removeFactor(http: Asking, shown: Both): Promise<void> {
  return http.ask('POST', '/v1/me/second-factor/remove', shown)
}

function codesOf({ recovery_codes }: { recovery_codes: readonly string[] }): readonly string[] {
  return recovery_codes
}

// All of it

/** A ZIP of everything. */
export async function ownData(http: Fetching): Promise<Blob> {
  return (await http.authorised('GET', '/v1/me/data', { timeoutMs: LONG_MS })).blob()
}

/** `code` is empty where there is no second factor. */
export function deleteAccount(http: Asking, { password, code }: Both): Promise<void> {
  return http.ask('POST', '/v1/me/delete', { password, ...(code && { code }) })
}
