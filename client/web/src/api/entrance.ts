/** What is asked in front of the door, mostly by people who are not signed in. Each function throws Problem. Not here: signing in itself (http.ts). */

import type { Http } from './http'

type Sending = Pick<Http, 'send'>

/** What a sign-in page offers. */
export interface Methods {
  readonly registration: 'open' | 'invitation' | 'closed'
  /** Whether letters reach people; only then have addresses to be confirmed. */
  readonly mail: boolean
  /** What the button of the OpenID Connect provider says. */
  readonly provider: string | null
}

/** What the holder of an invitation's secret is told. */
export interface Offer {
  readonly into: 'workspace' | 'project'
  readonly place: string
  readonly role: string
  readonly invited_by: string
  readonly expires_at: string
  /** The only address that may accept it. */
  readonly email?: string
}

export interface Entered {
  readonly workspace_id: string | null
  readonly project_id: string | null
}

export async function methods(http: Sending): Promise<Methods> {
  return (await (await http.send('GET', '/v1/auth/methods')).json()) as Methods
}

/** Where the provider is; the browser is prepared to come back from there. `invitation` is the secret of one. */
export async function toProvider(http: Sending, invitation: string | undefined): Promise<string> {
  const response = await http.send('POST', '/v1/auth/oidc', { body: { invitation } })
  return ((await response.json()) as { url: string }).url
}

/** Answers the same whether somebody has that address or not. */
export async function askForReset(http: Sending, email: string): Promise<void> {
  await http.send('POST', '/v1/auth/password-reset', { body: { email } })
}

/** Throws `invalid` at `/token` for a link that is over, at `/password` for a weak one. */
export async function reset(http: Sending, token: string, password: string): Promise<void> {
  await http.send('POST', '/v1/auth/password-reset/confirm', { body: { token, password } })
}

/** The address that is confirmed from now on. Throws `invalid` at `/token` for a link that is over. */
export async function verify(http: Sending, token: string): Promise<string> {
  const response = await http.send('POST', '/v1/auth/verify-email', { body: { token } })
  return ((await response.json()) as { email: string }).email
}

/** Another letter to the address of whoever is signed in. */
export function verifyAgain(http: Pick<Http, 'ask'>): Promise<void> {
  return http.ask('POST', '/v1/me/email/verification')
}

/** Throws `not_found` for one that is over. */
export async function showInvitation(http: Sending, secret: string): Promise<Offer> {
  return (await (await http.send('POST', '/v1/invitations/show', { body: { secret } })).json()) as Offer
}

/** Throws `not_found` for one that is over, `forbidden` for one of another address. */
export function acceptInvitation(http: Pick<Http, 'ask'>, secret: string): Promise<Entered> {
  return http.ask('POST', '/v1/invitations/accept', { secret })
}
