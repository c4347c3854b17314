import { describe, expect, test } from 'vitest'
import { task } from '../../sync/testing/records'
import { slotsOf, stretchOf, type Slot } from './spans'

const WEEK = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']
const on = (id: string, start: string | null, due: string | null) =>
  task(id, 'todo', 'a0', {
    start_at: start && (start.length > 2 ? start : `2026-11-${start}`),
    due_at: due && (due.length > 2 ? due : `2026-11-${due}`),
  })

describe('a card stands', () => {
  test('from its start until it is due', () => {
    expect(stretchOf(on('a', '16', '18'))).toMatchObject({ from: '2026-11-16', to: '2026-11-18' })
    const moments = on('a', new Date(2026, 10, 16, 22).toISOString(), new Date(2026, 10, 18, 6).toISOString())
    expect(stretchOf(moments)).toMatchObject({ from: '2026-11-16', to: '2026-11-18' })
  })

  test('when it is due alone without a start, or with one after that, and nowhere without a due date', () => {
    expect(stretchOf(on('a', null, '18'))).toMatchObject({ from: '2026-11-18', to: '2026-11-18' })
    expect(stretchOf(on('a', '19', '18'))).toMatchObject({ from: '2026-11-18', to: '2026-11-18' })
    expect(stretchOf(on('a', '16', null))).toBeNull()
  })
})

describe('a week', () => {
  const lines = (tasks: ReturnType<typeof on>[], fill = true) => {
    const stretches = tasks.map(stretchOf).filter((each) => each !== null)
    const word = (slot: Slot) => (slot === null ? '.' : slot.told ? slot.task.id.toUpperCase() : slot.task.id)
    return [...slotsOf(stretches, WEEK, { fill }).values()].map((slots) => slots.map(word).join(''))
  }

  test('keeps a bar in its row from day to day, the earlier and longer above', () => {
    const tasks = [on('c', '18', '20'), on('b', '17', '18'), on('a', '16', '19')]
    expect(lines(tasks)).toEqual(['A', 'aB', 'abC', 'a.c', '..c', '', ''])
  })

  test('tells a bar that comes from the week before or goes on to the next', () => {
    expect(lines([on('a', '2026-11-10', '17'), on('b', '21', '2026-12-01')])).toEqual(['A', 'a', '', '', '', 'B', 'b'])
  })

  test('puts cards of one day into the free rows, or below all bars', () => {
    const tasks = [on('x', null, '18'), on('y', null, '18'), on('a', '16', '17'), on('b', '17', '18')]
    expect(lines(tasks)).toEqual(['A', 'aB', 'Xby'.replace('y', 'Y'), '', '', '', ''])
    expect(lines(tasks, false)).toEqual(['A', 'aB', '.bXY', '', '', '', ''])
  })

  test('leaves out what is not in it', () => {
    expect(lines([on('a', '2026-11-01', '15'), on('b', null, '23')]).join('')).toBe('')
  })
})
