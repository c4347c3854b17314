/** Which square of a picture is kept. Pure; not here: drawing it. */

/** `x` and `y` are where the middle of the square is, as parts of the picture; `zoom` 1 takes as much as there is. */
export interface Crop {
  readonly zoom: number
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Square {
  readonly left: number
  readonly top: number
  readonly side: number
}

export const WHOLE: Crop = { zoom: 1, x: 0.5, y: 0.5 }
export const MOST_ZOOM = 4

/** In pixels of the picture. */
export function squareOf(image: Size, { zoom, x, y }: Crop): Square {
  const side = Math.min(image.width, image.height) / zoom
  return { left: x * image.width - side / 2, top: y * image.height - side / 2, side }
}

/** The crop that is within the picture and nearest to this one. */
export function within(image: Size, { zoom, x, y }: Crop): Crop {
  const kept = Math.min(MOST_ZOOM, Math.max(1, zoom))
  const half = Math.min(image.width, image.height) / kept / 2
  return { zoom: kept, x: between(x, half / image.width), y: between(y, half / image.height) }
}

/** What is seen after the picture was dragged by so much, as parts of the square that is shown. */
export function dragged(image: Size, crop: Crop, right: number, down: number): Crop {
  const { side } = squareOf(image, crop)
  const moved = { x: crop.x - (right * side) / image.width, y: crop.y - (down * side) / image.height }
  return within(image, { ...crop, ...moved })
}

function between(value: number, edge: number): number {
  return Math.min(1 - edge, Math.max(edge, value))
}
