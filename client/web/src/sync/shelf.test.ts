import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { newId } from './ids'
import { DatabaseShelf, NO_SHELF } from './shelf'
import { AT } from './testing/records'

const pending = (id = newId()) => ({ id, at: AT, commands: [] })

test('keeps submits of a user and project in their order, over visits', async () => {
  const [a, b, c] = [pending(), pending(), pending()]
  const first = new DatabaseShelf('u1', 'kept')
  for (const each of [a, c, b]) first.put('p1', each)
  first.put('p2', pending())
  new DatabaseShelf('u2', 'kept').put('p1', pending())
  await first.all('p1')
  expect(await new DatabaseShelf('u1', 'kept').all('p1')).toEqual([a, b, c])
})

test('a later version replaces, a removal forgets', async () => {
  const shelf = new DatabaseShelf('u1', 'changed')
  const a = pending()
  shelf.put('p1', a)
  shelf.put('p1', { ...a, at: 'later' })
  expect(await shelf.all('p1')).toEqual([{ ...a, at: 'later' }])
  shelf.remove(a.id)
  expect(await shelf.all('p1')).toEqual([])
})

test('a browser that refuses a database loses nothing but the next visit', async () => {
  const { open } = indexedDB
  indexedDB.open = () => {
    throw new Error('refused')
  }
  const shelf = new DatabaseShelf('u1', 'refused')
  indexedDB.open = open
  shelf.put('p1', pending())
  shelf.remove('x')
  expect(await shelf.all('p1')).toEqual([])
})

test('no shelf keeps nothing', async () => {
  NO_SHELF.put('p1', pending())
  NO_SHELF.remove('x')
  expect(await NO_SHELF.all('p1')).toEqual([])
})
