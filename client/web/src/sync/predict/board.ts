/** Labels, dependencies, the project itself and its members. */

import type {
  AddDependency,
  CreateLabel,
  DeleteLabel,
  Op,
  RemoveDependency,
  RemoveMember,
  RestoreLabel,
  SetMemberRole,
  UpdateLabel,
  UpdateProject,
} from '../../protocol/generated'
import { patch, put, remove, restore, type Context } from './context'

export function createLabel({ id, name, color }: CreateLabel, context: Context): Op[] {
  return context.view.get('label', id) ? [] : [put('label', { id, name, color })]
}

export function updateLabel({ id, name, color }: UpdateLabel, context: Context): Op[] {
  return patch(context, 'label', id, { name, color })
}

export function deleteLabel({ id }: DeleteLabel, context: Context): Op[] {
  return remove(context, 'label', id)
}

export function restoreLabel({ id }: RestoreLabel, context: Context): Op[] {
  return restore(context, 'label', id)
}

export function addDependency({ id, task_id, depends_on_id }: AddDependency, context: Context): Op[] {
  const { view } = context
  if (view.get('dependency', id) || !view.get('task', task_id) || !view.get('task', depends_on_id)) return []
  return [put('dependency', { id, task_id, depends_on_id })]
}

export function removeDependency({ id }: RemoveDependency, context: Context): Op[] {
  return remove(context, 'dependency', id)
}

export function updateProject({ name, description, background, visibility }: UpdateProject, context: Context): Op[] {
  const [id] = context.view.all('project').keys()
  if (id === undefined) return []
  return patch(context, 'project', id, { name: name?.trim(), description, background, visibility })
}

export function setMemberRole({ id, role }: SetMemberRole, context: Context): Op[] {
  return patch(context, 'member', id, { role })
}

export function removeMember({ id }: RemoveMember, context: Context): Op[] {
  return patch(context, 'member', id, { role: null })
}
