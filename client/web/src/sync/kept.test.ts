import { expect, test } from 'vitest'
import { Kept } from './kept'
import { MemoryStorage } from './testing/storage'

test('texts are kept by owner, until they are removed', () => {
  const storage = new MemoryStorage()
  const [mine, other] = [new Kept<string>('u1 p1', storage), new Kept<string>('u2 p1', storage)]
  mine.put('t1', 'Dig')
  mine.put('t2', 'Sow')
  other.put('t1', 'Rake')
  expect([mine.get('t1'), other.get('t1'), mine.get('t3')]).toEqual(['Dig', 'Rake', null])
  expect([...mine.all()].sort()).toEqual(['Dig', 'Sow'])
  mine.remove('t1')
  expect(new Kept<string>('u1 p1', storage).all()).toEqual(['Sow'])
  mine.clear()
  expect([mine.all(), other.all()]).toEqual([[], ['Rake']])
})

test('what does not fit is not kept in part, and without a storage nothing is', () => {
  const storage = new MemoryStorage()
  const kept = new Kept<string>('u1', storage)
  kept.put('t1', 'Dig')
  storage.most = 3
  kept.put('t1', 'Dig deeper')
  expect(kept.get('t1')).toBeNull()
  const none = new Kept<string>('u1', undefined)
  none.put('t1', 'Dig')
  expect([none.get('t1'), none.all()]).toEqual([null, []])
})
