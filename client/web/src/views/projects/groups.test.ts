import { expect, test } from 'vitest'
import type { ProjectSummary } from '../../api/http'
import type { Workspace } from '../../api/workspaces'
import { grouped } from './groups'

const workspace = (id: string): Workspace => ({ id, name: id, role: 'member' })
const project = (id: string, workspace_id: string | null) => ({ id, workspace_id }) as unknown as ProjectSummary

test('one’s own workspace comes first, what others share last, and each has its own boards in their order', () => {
  const projects = [project('a', 'w1'), project('b', 'me'), project('c', 'elsewhere'), project('d', 'w1')]
  const groups = grouped([...projects, project('e', null)], ['w1', 'w2', 'me'].map(workspace), 'me')
  expect(groups.map(({ workspace, projects }) => [workspace?.id ?? null, projects.map(({ id }) => id)])).toEqual([
    ['me', ['b']],
    ['w1', ['a', 'd']],
    ['w2', []],
    [null, ['c', 'e']],
  ])
})

test('nothing is said to be shared where nothing is', () => {
  expect(grouped([project('a', 'me')], [workspace('me')], 'me')).toHaveLength(1)
})
