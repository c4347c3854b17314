import { beforeAll, expect, test } from 'vitest'
import { Problem } from '../../api/problem'
import { t } from '../../strings'
import { own, speakOwn } from '../../strings/own'
import { errorsOf, passwordWords } from './refusals'

beforeAll(speakOwn)

const invalid = (...pointers: string[]) =>
  new Problem(
    422,
    'invalid',
    'no',
    pointers.map((pointer) => ({ pointer, message: 'no' })),
  )

test('every field says what is wrong with it in its own words, items speak for their list', () => {
  const fields = { name: 'N', project_ids: 'P' }
  expect(errorsOf(invalid('/name', '/project_ids/3'), { fields })).toEqual({ whole: null, fields })
  expect(errorsOf(invalid('/surprise'), { fields })).toEqual({ whole: own.refused.invalid, fields: {} })
})

test('a code may be about a field', () => {
  const closer = { codes: { conflict: 'taken' }, about: { conflict: 'email' } }
  expect(errorsOf(new Problem(409, 'conflict', 'x'), closer)).toEqual({ whole: null, fields: { email: 'taken' } })
})

test('what is known closer is said, else the code’s own sentence, and never the server’s', () => {
  const whole = (wrong: Problem, codes = {}) => errorsOf(wrong, { codes }).whole
  expect(whole(new Problem(422, 'limit', 'x'), { limit: 'enough' })).toBe('enough')
  expect(whole(new Problem(413, 'body_too_large', 'x'))).toBe(own.refused.body_too_large)
  expect(whole(new Problem(0, 'network', 'x'))).toBe(t.errors.offline)
  expect(whole(new Problem(500, 'internal', 'x'))).toBe(t.errors.unknown)
  expect(whole(new Problem(429, 'rate', 'x', [], 42_000))).toBe('That was too often. Try again in 42 seconds.')
  expect(whole(new Problem(429, 'rate', 'x', [], 61_000))).toBe('That was too often. Try again in 2 minutes.')
  expect(() => errorsOf(new TypeError('a bug'))).toThrow(TypeError)
})

test('a password is told why it was refused', () => {
  const { short, long, guessable } = own.password
  expect(['short', 'x'.repeat(1001), 'password12'].map(passwordWords)).toEqual([short, long, guessable])
})
