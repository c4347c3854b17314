/** A workspace's bots and their API tokens over REST. Each function throws Problem. */

import type { ApiToken, WantedToken } from './api-tokens'
import type { Http } from './http'
import type { WorkspaceMember } from './workspaces'

type Asking = Pick<Http, 'ask'>

export function createBot(http: Asking, workspace: string, name: string): Promise<WorkspaceMember> {
  return http.ask('POST', `/v1/workspaces/${workspace}/bots`, { name })
}

export async function tokensOfBot(http: Asking, workspace: string, bot: string): Promise<readonly ApiToken[]> {
  return (await http.ask<{ items: readonly ApiToken[] }>('GET', `/v1/workspaces/${workspace}/bots/${bot}/tokens`)).items
}

/** `token` is told this once. They are revoked as one's own are. */
export function createBotToken(
  http: Asking,
  workspace: string,
  bot: string,
  wanted: WantedToken,
): Promise<ApiToken & { readonly token: string }> {
  return http.ask('POST', `/v1/workspaces/${workspace}/bots/${bot}/tokens`, wanted)
}
