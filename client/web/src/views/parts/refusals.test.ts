import { expect, test } from 'vitest'
import { Problem } from '../../api/problem'
import { t } from '../../strings'
import { at, refusals, refusalText, soon, whole } from './refusals'

const invalid = (...pointers: string[]) =>
  new Problem(
    422,
    'invalid',
    'no',
    pointers.map((pointer) => ({ pointer, message: 'in the words of the server' })),
  )

test('what is known closer is said, else the code’s own sentence, and never the server’s', () => {
  const conflict = new Problem(409, 'conflict', 'A workspace keeps at least one owner.')
  expect(refusalText(conflict, { conflict: 'the last one' })).toBe('the last one')
  expect(refusalText(conflict)).toBe(t.errors.codes.conflict)
  expect(refusalText(new Problem(0, 'network', 'x'))).toBe(t.errors.offline)
  expect(refusalText(new Problem(500, 'internal', 'x'))).toBe(t.errors.unknown)
  expect(() => refusalText(new TypeError('a bug'))).toThrow(TypeError)
})

test('who has to wait is told how long, never too short', () => {
  expect(refusalText(new Problem(429, 'rate', 'no', [], 61_000))).toBe(t.errors.wait('in 2 minutes'))
  expect(refusalText(new Problem(503, 'overloaded', 'no', [], 1_500))).toBe(t.errors.busy('in 2 seconds'))
  expect([soon(null), soon(3_600_000), soon(3_600_001)]).toEqual(['in 1 minute', 'in 1 hour', 'in 2 hours'])
})

test('every field says what is wrong with it in its own words, items speak for their list, others for the whole', () => {
  const fields = { name: 'N', project_ids: 'P' }
  expect(refusals(invalid('/name', '/project_ids/3'), { fields })).toEqual({ whole: null, fields })
  expect(refusals(invalid('/surprise'), { fields })).toEqual(whole(t.errors.codes.invalid!))
})

test('a code may be about a field', () => {
  const closer = { codes: { conflict: 'taken' }, about: { conflict: 'email' } }
  expect(refusals(new Problem(409, 'conflict', 'x'), closer)).toEqual(at('email', 'taken'))
})
