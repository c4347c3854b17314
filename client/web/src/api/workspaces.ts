/** Workspaces over REST: who is in them, their projects, their log. Each function throws Problem. Not here: bots (bots.ts), invitations (invitations.ts). */

import type { MemberKind, Role, Visibility } from '../protocol/generated'
import type { Http, ProjectSummary } from './http'

type Asking = Pick<Http, 'ask'>

export const WORKSPACE_ROLES = ['owner', 'admin', 'member', 'guest'] as const

export type WorkspaceRole = (typeof WORKSPACE_ROLES)[number]

export interface Workspace {
  readonly id: string
  readonly name: string
  /** Of whoever asked. */
  readonly role: WorkspaceRole
}

export interface WorkspaceMember {
  readonly id: string
  readonly name: string
  readonly kind: MemberKind
  readonly role: WorkspaceRole
  readonly joined_at: string
}

/** Without a `role` one may join it. */
export interface WorkspaceProject {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly visibility: Visibility
  readonly role: Role | null
}

export interface AuditEntry {
  readonly id: number
  readonly at: string
  readonly event: string
  readonly account_id: string | null
  readonly name: string
  readonly project_id: string | null
  readonly details: Readonly<Record<string, unknown>>
}

interface List<T> {
  readonly items: readonly T[]
}

/** Whether a role is enough where another one is asked. */
export function stands(role: WorkspaceRole, least: WorkspaceRole): boolean {
  return WORKSPACE_ROLES.indexOf(role) <= WORKSPACE_ROLES.indexOf(least)
}

export async function listWorkspaces(http: Asking): Promise<readonly Workspace[]> {
  return (await http.ask<List<Workspace>>('GET', '/v1/workspaces')).items
}

export function createWorkspace(http: Asking, name: string): Promise<Workspace> {
  return http.ask('POST', '/v1/workspaces', { name })
}

export function getWorkspace(http: Asking, id: string): Promise<Workspace> {
  return http.ask('GET', `/v1/workspaces/${id}`)
}

export function renameWorkspace(http: Asking, id: string, name: string): Promise<Workspace> {
  return http.ask('PATCH', `/v1/workspaces/${id}`, { name })
}

export function deleteWorkspace(http: Asking, id: string): Promise<void> {
  return http.ask('DELETE', `/v1/workspaces/${id}`)
}

/** Makes `to` the owner; whoever asks stays as an admin. */
export function transferWorkspace(http: Asking, id: string, to: string): Promise<Workspace> {
  return http.ask('POST', `/v1/workspaces/${id}/transfer`, { id: to })
}

export async function projectsOfWorkspace(http: Asking, id: string): Promise<readonly WorkspaceProject[]> {
  return (await http.ask<List<WorkspaceProject>>('GET', `/v1/workspaces/${id}/projects`)).items
}

export function joinProject(http: Asking, project: string): Promise<ProjectSummary> {
  return http.ask('POST', `/v1/projects/${project}/join`)
}

export async function membersOfWorkspace(http: Asking, id: string): Promise<readonly WorkspaceMember[]> {
  return (await http.ask<List<WorkspaceMember>>('GET', `/v1/workspaces/${id}/members`)).items
}

export function setWorkspaceRole(
  http: Asking,
  id: string,
  member: string,
  role: WorkspaceRole,
): Promise<WorkspaceMember> {
  return http.ask('PATCH', `/v1/workspaces/${id}/members/${member}`, { role })
}

/** Of bots too, which are gone then. Sent again, it does what is left. */
export function removeFromWorkspace(http: Asking, id: string, member: string): Promise<void> {
  return http.ask('DELETE', `/v1/workspaces/${id}/members/${member}`)
}

/** A page of the log before `before`, the latest first; `next` is the `before` of what came earlier. */
export function auditOfWorkspace(
  http: Asking,
  id: string,
  before: string | null,
): Promise<{ items: readonly AuditEntry[]; next: string | null }> {
  return http.ask('GET', `/v1/workspaces/${id}/audit${before === null ? '' : `?before=${before}`}`)
}
