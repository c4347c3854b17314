import { expect, test } from 'vitest'
import { Problem } from '../../api/problem'
import { t } from '../../strings'
import { at, whole } from '../parts/refusals'
import { isOver, missingIn, refused, wrongIn } from './refusals'

const said = (pointer: string) => [{ pointer, message: 'in the words of the server' }]

test('what is wrong with what was typed is told before anybody is asked', () => {
  expect(wrongIn({ email: ' ann@example.org ', name: 'Ann', password: '1234567890' }).fields).toEqual({})
  expect(wrongIn({ email: 'ann', name: ' ', password: 'short' }).fields).toEqual({
    email: t.door.fields.email,
    name: t.door.fields.name,
    password: '5 more characters: at least 10.',
  })
  expect(wrongIn({ password: '🌱🌱🌱🌱🌱🌱🌱🌱🌱' }).fields.password).toBe('One more character: at least 10.')
  expect(wrongIn({ password: 'x'.repeat(1001) }).fields.password).toBe(t.door.long)
  expect(wrongIn({ name: 'x'.repeat(101) }).fields.name).toBe(t.door.fields.name)
})

test('a sign-in is tried with an address and a password', () => {
  expect(missingIn('ann@example.org', 'x').fields).toEqual({})
  expect(missingIn('ann', '').fields).toEqual({ email: t.door.fields.email, password: t.door.noPassword })
})

test('the server’s refusals are said in the words of the catalogue, at their fields', () => {
  const both = new Problem(422, 'invalid', 'no', [...said('/password'), ...said('/email'), ...said('/secret')])
  expect(refused(both)).toEqual({
    whole: null,
    fields: { password: t.door.fields.password, email: t.door.fields.email },
  })
  expect(refused(new Problem(422, 'invalid', 'no', said('/secret')))).toEqual(whole(t.errors.codes.invalid!))
  expect(refused(new Problem(0, 'network', 'no'))).toEqual(whole(t.errors.offline))
  expect(refused(new Problem(500, 'internal', 'no'))).toEqual(whole(t.errors.unknown))
  const closer = { conflict: at('email', t.session.taken) }
  expect(refused(new Problem(409, 'conflict', 'no'), closer)).toEqual(closer.conflict)
  expect(() => refused(new TypeError('a bug'))).toThrow('a bug')
})

test('a link is over when its token is what is wrong', () => {
  expect(isOver(new Problem(422, 'invalid', 'no', said('/token')))).toBe(true)
  expect(isOver(new Problem(422, 'invalid', 'no', said('/password')))).toBe(false)
  expect(isOver(new Problem(0, 'network', 'no'))).toBe(false)
})
