import { beforeEach, expect, test, vi } from 'vitest'
import { carried, type Invited } from './carried'

const INVITED: Invited = { secret: 's', by: 'Ann', place: 'Garden', email: null, agreed: false }

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
  carried.forgetInvited()
  carried.takeWanted()
})

test('an invitation is carried until it is forgotten, and accepted only by who has agreed', () => {
  expect([carried.invited(), carried.agreed()]).toEqual([null, null])
  carried.invite(INVITED)
  expect([carried.invited(), carried.agreed()]).toEqual([INVITED, null])
  carried.invite({ ...INVITED, agreed: true })
  expect(carried.agreed()?.place).toBe('Garden')
  carried.forgetInvited()
  expect(carried.invited()).toBeNull()
})

test('where somebody wanted to is told once', () => {
  carried.want('/p/1')
  expect([carried.takeWanted(), carried.takeWanted()]).toEqual(['/p/1', null])
})

test('a browser that keeps nothing carries it as far as the page goes', () => {
  const no = () => {
    throw new DOMException('no', 'SecurityError')
  }
  vi.stubGlobal('sessionStorage', { getItem: no, setItem: no, removeItem: no })
  carried.invite(INVITED)
  expect(carried.invited()).toEqual(INVITED)
  carried.forgetInvited()
  expect(carried.invited()).toBeNull()
})
