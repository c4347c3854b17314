import { expect, test } from 'vitest'
import { AT, member, task } from '../../sync/testing/records'
import { namesOn, offersFor } from './offers'

const store = {
  members: [member('Ann Lee'), member('Hannah'), member('Ann Left', { role: null })],
  tasks: [
    task('a', 'todo', 'a0', { number: 1, title: 'Dig 2 beds' }),
    task('b', 'todo', 'a1', { number: 21, title: 'Sow' }),
    task('c', 'todo', 'a2', { number: 22, title: 'Water', archived_at: AT }),
    task('d', 'todo', 'a3', { number: 0, title: 'On its way 2' }),
  ],
}
const labels = (word: string) => offersFor(word, store).map(({ label }) => label)

test('people with access are offered by the beginnings of their names', () => {
  expect([labels('@an'), labels('@LEE'), labels('@nn'), labels('@')]).toEqual([
    ['@Ann Lee'],
    ['@Ann Lee'],
    [],
    ['@Ann Lee', '@Hannah'],
  ])
})

test('cards are offered by number, then by what their title holds', () => {
  expect([labels('#2'), labels('#so'), labels('#x')]).toEqual([['#21', '#1'], ['#21'], []])
  expect(offersFor('#so', store)).toEqual([{ label: '#21', detail: 'Sow' }])
})

test('a number leads to its card, an archived one too', () => {
  const names = namesOn(store, (id) => `/p/p1/t/${id}`)
  expect([names.card(22), names.card(23)]).toEqual([{ title: 'Water', href: '/p/p1/t/c' }, undefined])
})
