import { expect, test } from 'vitest'
import { dragged, squareOf, WHOLE, within } from './crop'

const WIDE = { width: 800, height: 400 }

test('the middle of a picture is taken, as much as fits', () => {
  expect(squareOf(WIDE, WHOLE)).toEqual({ left: 200, top: 0, side: 400 })
  expect(squareOf(WIDE, { ...WHOLE, zoom: 2 })).toEqual({ left: 300, top: 100, side: 200 })
})

test('a drag moves what is seen, to the edge and no further', () => {
  expect(squareOf(WIDE, dragged(WIDE, WHOLE, 0.25, 0.5))).toEqual({ left: 100, top: 0, side: 400 })
  expect(squareOf(WIDE, dragged(WIDE, WHOLE, -9, 0))).toEqual({ left: 400, top: 0, side: 400 })
})

test('zooming out at an edge stays within the picture', () => {
  const corner = dragged(WIDE, { ...WHOLE, zoom: 4 }, 9, 9)
  expect(squareOf(WIDE, corner)).toEqual({ left: 0, top: 0, side: 100 })
  expect(squareOf(WIDE, within(WIDE, { ...corner, zoom: 1 }))).toEqual({ left: 0, top: 0, side: 400 })
  expect(within(WIDE, { ...WHOLE, zoom: 99 }).zoom).toBe(4)
})
