import { describe, expect, test } from 'vitest'
import type { Command, Op } from '../protocol/generated'
import { Replica } from './replica'
import { AT, ME, change, comment, detail, item, snapshot, task, titled } from './testing/records'

function loaded(): Replica {
  const replica = new Replica(() => ME)
  replica.load(snapshot())
  return replica
}

function retitle(id: string, title: string, task = 't1'): { id: string; commands: Command[]; at: string } {
  return { id, commands: [{ type: 'update_task', id: task, title }], at: AT }
}

const titleOf = (replica: Replica, id = 't1') => replica.view.get('task', id)?.title

describe('facts', () => {
  test('changes apply in order and name exactly the records that changed', () => {
    const replica = loaded()
    const step = replica.apply([titled(11, 't1', 'one'), titled(12, 't2', 'two')])
    expect(step.state).toBe('whole')
    expect(step.touched.map(({ id }) => id)).toEqual(['t1', 't2'])
    expect(step.touched[0]).toMatchObject({ before: { title: 't1' }, after: { title: 'one' } })
    expect(replica.seq).toBe(12)
  })

  test('a change that is known already is skipped', () => {
    const replica = loaded()
    const step = replica.apply([titled(9, 't1', 'old'), titled(10, 't1', 'old'), titled(11, 't1', 'new')])
    expect(step.applied.map(({ seq }) => seq)).toEqual([11])
    expect(titleOf(replica)).toBe('new')
  })

  test('nothing is applied past a hole', () => {
    const replica = loaded()
    const step = replica.apply([titled(11, 't1', 'one'), titled(13, 't1', 'three')])
    expect(step.state).toBe('gap')
    expect(replica.seq).toBe(11)
    expect(titleOf(replica)).toBe('one')
  })

  test('a patch of what is not there breaks the replica, not the page', () => {
    const replica = loaded()
    expect(replica.apply([titled(11, 'unknown', 'x')]).state).toBe('broken')
    expect(replica.seq).toBe(10)
  })

  test('an equal record keeps its identity and is not named', () => {
    const replica = loaded()
    const before = replica.view.get('task', 't1')
    expect(replica.apply([titled(11, 't1', 't1')]).touched).toEqual([])
    expect(replica.view.get('task', 't1')).toBe(before)
  })

  test('a new snapshot names what differs, what came and what went', () => {
    const replica = loaded()
    const { tasks } = snapshot()
    const renewed = [tasks[0]!, { ...tasks[1]!, title: 'other' }, task('t9', 'todo', 'a5')]
    const step = replica.load(snapshot({ seq: 20, tasks: renewed }))
    expect(step.touched.map(({ id }) => id).sort()).toEqual(['t2', 't3', 't9'])
    expect(replica.view.tasks.of('todo').map(({ id }) => id)).toEqual(['t1', 't2', 't9'])
    expect(replica.seq).toBe(20)
  })

  test('a move keeps both columns in order', () => {
    const replica = loaded()
    replica.apply([change(11, [{ op: 'patch', kind: 'task', id: 't1', fields: { column_id: 'done', rank: 'a1' } }])])
    expect(replica.view.tasks.of('todo').map(({ id }) => id)).toEqual(['t2'])
    expect(replica.view.tasks.of('done').map(({ id }) => id)).toEqual(['t3', 't1'])
  })
})

describe('predictions', () => {
  test('a submit shows at once and is settled by its change', () => {
    const replica = loaded()
    expect(replica.submit(retitle('s1', 'mine')).touched).toHaveLength(1)
    expect(titleOf(replica)).toBe('mine')
    const step = replica.apply([titled(11, 't1', 'mine', 's1')])
    expect([...step.settled]).toEqual([['s1', { seq: 11, noop: false }]])
  })

  test('an ack before its change settles with the change, not earlier', () => {
    const replica = loaded()
    replica.submit(retitle('s1', 'mine'))
    expect(replica.ack('s1', { seq: 12, noop: false }).settled.size).toBe(0)
    expect(replica.apply([titled(11, 't1', 'theirs')]).settled.size).toBe(0)
    expect(titleOf(replica)).toBe('mine')
    expect(replica.apply([titled(12, 't1', 'mine', 's1')]).settled.size).toBe(1)
  })

  test('an ack after its change says nothing new', () => {
    const replica = loaded()
    replica.submit(retitle('s1', 'mine'))
    replica.apply([titled(11, 't1', 'mine', 's1')])
    expect(replica.ack('s1', { seq: 11, noop: false })).toMatchObject({ touched: [], settled: new Map() })
  })

  test('a no-op is settled by its ack and takes its prediction along', () => {
    const replica = loaded()
    replica.submit(retitle('s1', 'mine'))
    const step = replica.ack('s1', { seq: 10, noop: true })
    expect([...step.settled]).toEqual([['s1', { seq: 10, noop: true }]])
    expect(titleOf(replica)).toBe('t1')
  })

  test("others' changes show through where nothing is predicted, and below what is", () => {
    const replica = loaded()
    replica.submit(retitle('s1', 'mine'))
    const patch: Op = { op: 'patch', kind: 'task', id: 't1', fields: { title: 'theirs', priority: 1 } }
    replica.apply([change(11, [patch])])
    expect(replica.view.get('task', 't1')).toMatchObject({ title: 'mine', priority: 1 })
    expect(replica.view.fact('task', 't1')).toMatchObject({ title: 'theirs', priority: 1 })
  })

  test('a reject rolls back its prediction and leaves those of the others', () => {
    const replica = loaded()
    replica.submit(retitle('s1', 'first'))
    replica.submit(retitle('s2', 'second', 't2'))
    const step = replica.reject('s1')
    expect(step.touched.map(({ id }) => id)).toEqual(['t1'])
    expect([titleOf(replica), titleOf(replica, 't2')]).toEqual(['t1', 'second'])
  })

  test('what builds on a rejected prediction goes with it', () => {
    const replica = loaded()
    replica.submit({
      id: 's1',
      at: AT,
      commands: [{ type: 'create_task', id: 'new', column_id: 'todo', title: 'new' }],
    })
    replica.submit(retitle('s2', 'better', 'new'))
    expect(titleOf(replica, 'new')).toBe('better')
    replica.reject('s1')
    expect(titleOf(replica, 'new')).toBeUndefined()
  })

  test('a submit made before the first snapshot shows with it', () => {
    const replica = new Replica(() => ME)
    replica.submit(retitle('s1', 'mine'))
    replica.load(snapshot())
    expect(titleOf(replica)).toBe('mine')
  })

  test('a snapshot that has the acknowledged change settles it', () => {
    const replica = loaded()
    replica.submit(retitle('s1', 'mine'))
    replica.ack('s1', { seq: 15, noop: false })
    expect(replica.load(snapshot({ seq: 14 })).settled.size).toBe(0)
    expect(replica.load(snapshot({ seq: 15 })).settled.size).toBe(1)
  })

  test('a new epoch settles what the old one had acknowledged', () => {
    const replica = loaded()
    replica.submit(retitle('s1', 'mine'))
    replica.ack('s1', { seq: 15, noop: false })
    expect(replica.load(snapshot({ epoch: 'e2', seq: 3 })).settled.size).toBe(1)
  })

  test('what was deleted lately can be predicted to come back', () => {
    const replica = loaded()
    replica.apply([change(11, [{ op: 'remove', kind: 'task', id: 't1' }])])
    replica.submit({ id: 's1', at: AT, commands: [{ type: 'restore_task', id: 't1' }] })
    expect(titleOf(replica)).toBe('t1')
  })

  test('of what was deleted only the latest is remembered', () => {
    const many = Array.from({ length: 250 }, (_, i) =>
      task(`x${i}`, 'todo', `b${String(i).padStart(2, '0').padEnd(3, 'V')}`),
    )
    const replica = new Replica(() => ME)
    replica.load(snapshot({ tasks: many }))
    replica.apply([
      change(
        11,
        many.map(({ id }) => ({ op: 'remove', kind: 'task', id }) as const),
      ),
    ])
    const restore = (id: string) => replica.submit({ id: `s-${id}`, at: AT, commands: [{ type: 'restore_task', id }] })
    restore('x0')
    restore('x249')
    expect([titleOf(replica, 'x0'), titleOf(replica, 'x249')]).toEqual([undefined, 'x249'])
  })
})

describe('long texts', () => {
  const said = (seq: number, id: string, text = id) =>
    change(seq, [{ op: 'put', kind: 'comment', record: comment(id, 't1', { text }) }])
  const textsOf = (replica: Replica) => replica.view.comments.of('t1').map(({ text }) => text)
  const t1 = task('t1', 'todo', 'a0')

  test('of tasks that nobody looks at are skipped', () => {
    const replica = loaded()
    expect(replica.apply([said(11, 'x')]).state).toBe('whole')
    expect(textsOf(replica)).toEqual([])
  })

  test('live on once loaded', () => {
    const replica = loaded()
    replica.expectDetail('t1')
    const loadedDetail = detail(t1, 10, {
      description: { id: 't1', text: 'long' },
      comments: [comment('a', 't1')],
      checklist_items: [item('i', 't1', 'a0')],
    })
    expect(replica.loadDetail(loadedDetail)!.touched).toHaveLength(3)
    replica.apply([
      said(11, 'b'),
      change(12, [
        { op: 'patch', kind: 'comment', id: 'a', fields: { text: 'edited' } },
        { op: 'put', kind: 'description', record: { id: 't1', text: 'longer' } },
        { op: 'remove', kind: 'checklist_item', id: 'i' },
      ]),
    ])
    expect(textsOf(replica)).toEqual(['edited', 'b'])
    expect(replica.view.get('description', 't1')?.text).toBe('longer')
    expect(replica.view.checklist.of('t1')).toEqual([])
  })

  test('read ahead of the replica: changes up to that point are in them already', () => {
    const replica = loaded()
    replica.expectDetail('t1')
    replica.loadDetail(detail(t1, 12, { comments: [comment('a', 't1', { text: 'newest' })] }))
    replica.apply([said(11, 'a', 'older')])
    expect(textsOf(replica)).toEqual(['newest'])
    replica.apply([said(12, 'a', 'newest'), said(13, 'a', 'next')])
    expect(textsOf(replica)).toEqual(['next'])
    replica.apply([change(14, [{ op: 'remove', kind: 'comment', id: 'a' }])])
    expect(textsOf(replica)).toEqual([])
  })

  test('read behind the replica: what came meanwhile is applied on top', () => {
    const replica = loaded()
    replica.expectDetail('t1')
    replica.apply([said(11, 'a', 'old'), said(12, 'b')])
    replica.loadDetail(detail(t1, 11, { comments: [comment('a', 't1', { text: 'old' })] }))
    expect(textsOf(replica)).toEqual(['old', 'b'])
  })

  test('from before the question, or from another epoch, do not fit', () => {
    const replica = loaded()
    replica.expectDetail('t1')
    expect(replica.loadDetail(detail(t1, 9))).toBeNull()
    expect(replica.loadDetail(detail(t1, 10, { epoch: 'e2' }))).toBeNull()
    expect(replica.texts.holds('t1')).toBe(false)
  })

  test('are predicted while held', () => {
    const replica = loaded()
    replica.expectDetail('t1')
    replica.submit({ id: 's1', at: AT, commands: [{ type: 'add_comment', id: 'mine', task_id: 't1', text: 'mine' }] })
    expect(textsOf(replica)).toEqual([])
    expect(replica.view.get('task', 't1')?.comment_count).toBe(1)
    replica.loadDetail(detail(t1, 10))
    expect(textsOf(replica)).toEqual(['mine'])
    replica.reject('s1')
    expect(textsOf(replica)).toEqual([])
  })

  test('go on request, with their task, and with another epoch', () => {
    const replica = loaded()
    replica.expectDetail('t1')
    replica.loadDetail(detail(t1, 10, { comments: [comment('a', 't1')], checklist_items: [item('i', 't1', 'a0')] }))
    expect(replica.dropDetail('t1').touched).toHaveLength(2)
    expect(replica.dropDetail('t1').touched).toEqual([])
    replica.expectDetail('t1')
    replica.loadDetail(detail(t1, 10, { comments: [comment('a', 't1')] }))
    replica.load(snapshot({ seq: 11, epoch: 'e2' }))
    expect(textsOf(replica)).toEqual([])
    expect(replica.texts.holds('t1')).toBe(false)
    replica.expectDetail('t1')
    replica.loadDetail(detail(t1, 11, { epoch: 'e2', comments: [comment('a', 't1')] }))
    replica.apply([change(12, [{ op: 'remove', kind: 'task', id: 't1' }])])
    expect([textsOf(replica), replica.texts.holds('t1')]).toEqual([[], false])
  })

  test('stay with a new snapshot, but may lack changes: what is written on them has their own seq as its base', () => {
    const replica = loaded()
    replica.expectDetail('t1')
    replica.loadDetail(detail(t1, 10, { comments: [comment('a', 't1')] }))
    expect([replica.texts.current('t1'), replica.texts.seqOf('t1', 12)]).toEqual([true, 12])
    expect(replica.load(snapshot({ seq: 20, tasks: [t1] })).touched.map(({ kind }) => kind)).not.toContain('comment')
    replica.apply([change(21, [{ op: 'put', kind: 'comment', record: comment('b', 't1') }])])
    expect(textsOf(replica)).toEqual(['a', 'b'])
    expect([replica.texts.current('t1'), replica.texts.seqOf('t1', 21)]).toEqual([false, 10])
  })
})
