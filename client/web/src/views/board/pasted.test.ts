import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../protocol/generated'
import { COMMANDS_A_SUBMIT, fitted, inSubmits, linesOf } from './pasted'

describe('pasted lines', () => {
  it('are titles without the marks of a list', () => {
    expect(linesOf('- Dig\r\n* [x] Sow\n\n  2) Water\n[ ] Mow\nC# - a book\n\t')).toEqual([
      'Dig',
      'Sow',
      'Water',
      'Mow',
      'C# - a book',
    ])
  })

  it('that are too long for a title are kept whole in the description', () => {
    const long = '🌱'.repeat(LIMITS.title + 1)
    const { title, description } = fitted(long)
    expect([...title]).toHaveLength(LIMITS.title)
    expect(description).toBe(long)
    expect(fitted('🌱'.repeat(LIMITS.title))).toEqual({ title: '🌱'.repeat(LIMITS.title) })
  })

  it('go in submits of a size that is taken, in their order', () => {
    const all = Array.from({ length: 2 * COMMANDS_A_SUBMIT + 1 }, (_, at) => at)
    expect(inSubmits(all).flat()).toEqual(all)
    expect(inSubmits(all).map(({ length }) => length)).toEqual([COMMANDS_A_SUBMIT, COMMANDS_A_SUBMIT, 1])
  })
})
