/** Boards by workspace: one's own first, then the others by name, then what others share. Pure. */

import type { ProjectSummary } from '../../api/http'
import type { Workspace } from '../../api/workspaces'

export interface Group {
  /** Null: of workspaces that one is not in. */
  readonly workspace: Workspace | null
  readonly projects: readonly ProjectSummary[]
}

/** A workspace of one's own has one's own id. */
export function grouped(
  projects: readonly ProjectSummary[],
  workspaces: readonly Workspace[],
  me: string,
): readonly Group[] {
  const mine = (id: string) => (id === me ? 0 : 1)
  const groups = workspaces
    .toSorted((a, b) => mine(a.id) - mine(b.id))
    .map((workspace) => ({
      workspace,
      projects: projects.filter(({ workspace_id }) => workspace_id === workspace.id),
    }))
  const known = new Set(workspaces.map(({ id }) => id))
  const shared = projects.filter(({ workspace_id }) => workspace_id === null || !known.has(workspace_id))
  return shared.length > 0 ? [...groups, { workspace: null, projects: shared }] : groups
}
