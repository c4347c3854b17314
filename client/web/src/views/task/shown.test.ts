import { expect, test } from 'vitest'
import { shownAs } from './shown'

test.each([
  ['image/png', 'image'],
  ['audio/mpeg', 'audio'],
  ['video/mp4', 'video'],
  ['application/pdf', 'pdf'],
  ['text/plain; charset=utf-8', 'text'],
  ['application/zip', null],
  ['application/octet-stream', null],
])('%s is shown as %s', (media_type, how) => {
  expect(shownAs({ media_type, size: 1000 })).toBe(how)
})

test('what is very large is only downloaded', () => {
  expect(shownAs({ media_type: 'video/mp4', size: 100 << 20 })).toBeNull()
})
