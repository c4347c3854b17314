import { beforeAll, expect, test } from 'vitest'
import { own, speakOwn } from '../../strings/own'
import { passwordWords } from './passwords'

beforeAll(speakOwn)

test('a password is told why it was refused', () => {
  const { short, long, guessable } = own.password
  expect(['short', 'x'.repeat(1001), 'password12'].map(passwordWords)).toEqual([short, long, guessable])
})
