/** Where the pictures of a project's members are. Not here: one's own (account.ts). */

import type { Http } from './http'

/** By member id, of those who have one. */
export async function avatarsOf(http: Pick<Http, 'ask'>, project: string): Promise<ReadonlyMap<string, string>> {
  const { items } = await http.ask<{ items: readonly { id: string; avatar: string }[] }>(
    'GET',
    `/v1/projects/${project}/avatars`,
  )
  return new Map(items.map(({ id, avatar }) => [id, avatar]))
}
