/** One's own API tokens over REST. Each function throws Problem. Not here: the access token of this page (tokens.ts), bots' tokens. */

import type { Http } from './http'

type Asking = Pick<Http, 'ask'>

/** Each opens what the ones before it open, too. */
export const SCOPES = ['read', 'write', 'admin'] as const

export type Scope = (typeof SCOPES)[number]

export interface WantedToken {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expires_at: string | null
  /** Null: all that the account may see. */
  readonly project_ids: readonly string[] | null
}

export interface ApiToken extends WantedToken {
  readonly id: string
  readonly created_at: string
  readonly last_used_at: string | null
}

export async function apiTokens(http: Asking): Promise<readonly ApiToken[]> {
  return (await http.ask<{ items: readonly ApiToken[] }>('GET', '/v1/tokens')).items
}

/** `token` is told this once. */
export function createToken(http: Asking, wanted: WantedToken): Promise<ApiToken & { readonly token: string }> {
  return http.ask('POST', '/v1/tokens', wanted)
}

export function revokeToken(http: Asking, id: string): Promise<void> {
  return http.ask('DELETE', `/v1/tokens/${id}`)
}
