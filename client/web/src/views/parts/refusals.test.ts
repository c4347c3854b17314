import { expect, test } from 'vitest'
import { Problem } from '../../api/problem'
import { t } from '../../strings'
import { refusals, refusalText } from './refusals'

test('what is known closer is said, else the code’s own sentence, and never the server’s', () => {
  const wrong = new Problem(409, 'conflict', 'A workspace keeps at least one owner.')
  expect(refusalText(wrong, { conflict: 'the last one' })).toBe('the last one')
  expect(refusalText(wrong)).toBe(t.workspace.codes.conflict)
  expect(refusalText(new Problem(0, 'network', 'x'))).toBe(t.errors.offline)
  expect(refusalText(new Problem(500, 'internal', 'x'))).toBe(t.errors.unknown)
  expect(() => refusalText(new TypeError('a bug'))).toThrow(TypeError)
})

test('a field that is known is named, others speak for the whole', () => {
  const at = (pointer: string) => new Problem(422, 'invalid', 'no', [{ pointer, message: 'no' }])
  expect(refusals(at('/email'))).toEqual({ whole: null, fields: { email: t.workspace.fields.email } })
  expect(refusals(at('/expires_at'))).toEqual({ whole: t.workspace.codes.invalid, fields: {} })
})
