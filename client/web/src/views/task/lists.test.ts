import { expect, test } from 'vitest'
import { nextLine } from './lists'

test.each([
  ['- Spade', 7, '- '],
  ['  * Spade', 9, '  * '],
  ['9. Spade', 8, '10. '],
  ['2) Spade', 4, '3) '],
  ['- [x] Spade', 11, '- [ ] '],
  ['> - Spade', 9, '> - '],
  ['- ', 2, ''],
  ['- [ ] ', 6, ''],
  ['- Spade', 1, null],
  ['Spade', 5, null],
  ['-Spade', 6, null],
])('after %j at %i comes %j', (line, at, next) => expect(nextLine(line, at)).toBe(next))
