/** Invitations over REST, made and revoked: into a workspace or into a project. Each function throws Problem. Not here: accepting one. */

import type { Http } from './http'

type Asking = Pick<Http, 'ask'>

/** What an invitation leads into. */
export interface Place {
  readonly kind: 'workspaces' | 'projects'
  readonly id: string
}

export interface Invitation {
  readonly id: string
  readonly role: string
  /** The only address that may accept it; null: whoever has the link. */
  readonly email: string | null
  readonly expires_at: string
  readonly accepted_by: readonly string[]
  readonly max_uses: number
}

export interface WantedInvitation {
  readonly role: string
  readonly expires_at: string
  readonly max_uses?: number
  readonly email?: string
}

/** `url` is told this once. */
export interface MadeInvitation {
  readonly invitation: Invitation
  readonly url: string
}

/** Those that can still be accepted, the latest first. */
export async function openInvitations(http: Asking, { kind, id }: Place): Promise<readonly Invitation[]> {
  return (await http.ask<{ items: readonly Invitation[] }>('GET', `/v1/${kind}/${id}/invitations`)).items
}

export function invite(http: Asking, { kind, id }: Place, wanted: WantedInvitation): Promise<MadeInvitation> {
  return http.ask('POST', `/v1/${kind}/${id}/invitations`, wanted)
}

export function revokeInvitation(http: Asking, id: string): Promise<void> {
  return http.ask('DELETE', `/v1/invitations/${id}`)
}

/** Whether letters are sent from here at all. */
export async function sendsMail(http: Asking): Promise<boolean> {
  return (await http.ask<{ mail: boolean }>('GET', '/v1/auth/methods')).mail
}
