import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { de } from '../../strings/de'
import { en } from '../../strings/en'
import { told } from './told'

const entry = (event: string, details = {}, project_id: string | null = null) => ({
  ...{ id: 1, at: '2026-05-12T09:30:00Z', account_id: 'ann', name: 'Ann' },
  ...{ event, details, project_id },
})
const say = (event: string, details = {}, project: string | null = null) =>
  told(entry(event, details, project), en.workspace.log, (id) => (id === 'p1' ? 'Garden' : undefined))

test('the server’s events are all told, in both languages', () => {
  const source = readFileSync('../../server/domain/audit.py', 'utf8')
  const events = [...source.matchAll(/^ {4}"(\w+)",$/gm)].map(([, name]) => name)
  expect(events.length).toBeGreaterThan(20)
  for (const { workspace } of [en, de]) expect(Object.keys(workspace.log.events).toSorted()).toEqual(events.toSorted())
})

test('details become words, and what is not known is passed over', () => {
  expect(say('workspace_role_changed', { name: 'Milo', was: 'member', role: 'admin' })).toBe(
    'changed the role of Milo from Member to Admin',
  )
  expect(say('invitation_created', { role: 'viewer', email: 'a@b.example' }, 'p1')).toBe(
    'invited a@b.example as Viewer to the board “Garden”',
  )
  expect(say('invitation_created', { role: 'guest', email: null })).toBe('invited by link as Guest')
  expect(say('invitation_accepted', { role: 'viewer' }, 'p2')).toContain('“…”')
  expect(say('workspace_member_removed', { of: 'ann', name: 'Ann' })).toBe('left the workspace')
  expect(say('workspace_member_removed', { of: 'milo', name: 'Milo' })).toBe('removed Milo')
  expect(say('workspace_transferred')).toBe('made a former member the owner in their place')
  expect(say('event_of_tomorrow')).toBe(en.workspace.log.other)
})
