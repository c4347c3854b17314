import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../src/sync/ids'
import type { ProjectSync } from '../src/sync/project'
import { anyCommand, Chance, type World } from '../src/sync/testing/random'
import { Person, until } from './people'

let ann: Person
let bob: Person
let project: string
let anns: ProjectSync
let bobs: ProjectSync
let task: string

beforeEach(async () => {
  ann = await Person.signUp('Ann')
  bob = await Person.signUp('Bob')
  project = newId()
  task = newId()
  await ann.http.createProject(project, 'Garden')
  anns = await ann.open(project)
  const [todo] = anns.replica.view.columns.of('')
  await anns.submit([
    { type: 'add_member', user_id: bob.id, role: 'editor' },
    { type: 'create_task', id: task, column_id: todo!.id, title: 'Dig', description: 'Deep' },
  ])
  bobs = await bob.open(project)
})

afterEach(() => {
  ann.session.close()
  bob.session.close()
})

/** Both look at the task's long texts. */
async function look(): Promise<void> {
  for (const each of [anns, bobs]) {
    let state = ''
    each.details.open(task, (now) => (state = now))
    await until(() => state === 'ready')
  }
}

async function expectEqualToServer(): Promise<void> {
  const snapshot = await ann.http.snapshot(project)
  const detail = await ann.http.taskDetail(project, task)
  for (const { replica } of [anns, bobs]) {
    await until(() => replica.seq === snapshot.seq)
    const all = (kind: 'column' | 'task' | 'label' | 'member' | 'dependency') =>
      [...replica.view.all(kind).values()].sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(all('column')).toEqual(snapshot.columns)
    expect(all('task')).toEqual(snapshot.tasks)
    expect(all('label')).toEqual(snapshot.labels)
    expect(all('member')).toEqual(snapshot.members)
    expect(all('dependency')).toEqual(snapshot.dependencies)
    expect(replica.view.get('description', task) ?? null).toEqual(detail.description)
    expect(new Set(replica.view.comments.of(task))).toEqual(new Set(detail.comments))
    expect(new Set(replica.view.checklist.of(task))).toEqual(new Set(detail.checklist_items))
  }
}

test('G4: two people who edit at random, on lines that break, end where the server is', async () => {
  await look()
  const labels = [newId(), newId()] as const
  const creating = labels.map((id) => ({ type: 'create_label' as const, id, name: '', color: 'red' }))
  await anns.submit(creating)
  const chance = new Chance(7)
  const world: World = { fresh: newId, absent: newId, labels, known: [newId()] }
  const submits: Promise<unknown>[] = []
  for (let i = 0; i < 600; i++) {
    const each = chance.of([anns, bobs])
    const command = anyCommand(chance, each.replica.view, world)
    if (command.type === 'delete_task' && command.id === task) continue // it stays open
    submits.push(each.submit([command]))
    if (i % 60 === 59) chance.of([ann, bob]).breakLine()
    if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const ends = await Promise.allSettled(submits)
  expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(200)
  expect(ann.rejections.length + bob.rejections.length).toBe(ends.filter(({ status }) => status === 'rejected').length)
  expect(ann.lines + bob.lines).toBeGreaterThan(2)
  expect([anns.waiting, bobs.waiting]).toEqual([0, 0])
  await expectEqualToServer()
})

test('own edits of a text build on each other; one that missed a foreign edit is a conflict with the present text', async () => {
  await look()
  const base_seq = anns.replica.seq
  const describe = (text: string) => ({ type: 'describe_task' as const, id: task, text, base_seq })
  const own = ['one', 'two', 'three'].map((text) => anns.submit([describe(text)]))
  expect(anns.replica.view.get('description', task)?.text).toBe('three')
  await Promise.all(own)
  await expect(bobs.submit([describe('other')])).rejects.toMatchObject({ code: 'conflict', current: { text: 'three' } })
  expect(bob.rejections).toMatchObject([{ texts: ['other'] }])
  await expectEqualToServer()
})

test('presence arrives, and a member who is removed hears nothing more', async () => {
  anns.presence.set({ task })
  await until(() => bobs.presence.others(bob.session.id).some(({ state }) => state?.task === task))
  await anns.submit([{ type: 'remove_member', id: bob.id }])
  await until(() => bobs.state === 'gone')
  const heard = bobs.replica.seq
  await anns.submit([{ type: 'update_task', id: task, title: 'Secret' }])
  expect([bobs.replica.seq, bobs.replica.view.get('task', task)?.title]).toEqual([heard, 'Dig'])
  await expect(bobs.submit([{ type: 'archive_task', id: task }])).rejects.toMatchObject({ code: 'not_found' })
})
