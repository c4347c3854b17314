import { beforeEach, describe, expect, it } from 'vitest'
import { Selection } from './selection.svelte'

const columns: Record<string, string[]> = { todo: ['a', 'b', 'c', 'd'], done: ['x', 'y'] }
let selection: Selection

beforeEach(() => {
  columns.todo = ['a', 'b', 'c', 'd']
  selection = new Selection({
    columns: () => Object.keys(columns),
    idsOf: (column) => columns[column]!,
  })
})

describe('chosen cards', () => {
  it('are told in the order of the board, not in that of choosing', () => {
    for (const id of ['y', 'c', 'a']) selection.toggle(id)
    expect(selection.ids).toEqual(['a', 'c', 'y'])
    selection.toggle('c')
    expect(selection.ids).toEqual(['a', 'y'])
  })

  it('grow to a range within a column, either way', () => {
    selection.toggle('c')
    selection.extend('a', columns.todo!)
    expect(selection.ids).toEqual(['a', 'b', 'c'])
    selection.extend('d', columns.todo!)
    expect(selection.ids).toEqual(['a', 'b', 'c', 'd'])
  })

  it('grow by one card of another column, where a new range begins', () => {
    selection.toggle('a')
    selection.extend('x', columns.done!)
    selection.extend('y', columns.done!)
    expect(selection.ids).toEqual(['a', 'x', 'y'])
  })

  it('grow over no more than what stands together, in a cell of a column', () => {
    selection.toggle('a')
    selection.extend('d', ['a', 'd'])
    expect(selection.ids).toEqual(['a', 'd'])
  })

  it('are those that are there', () => {
    selection.toggle('a')
    selection.toggle('b')
    columns.todo = ['b', 'c']
    expect(selection.ids).toEqual(['b'])
    selection.clear()
    expect(selection.any).toBe(false)
  })
})
