/** Which of the palette's hues stands for a label's colour. The hues themselves are in tokens.css. */

import { t } from '../../strings'

export type Hue = keyof typeof t.label.colors

export const HUES = Object.keys(t.label.colors) as Hue[]

/** OKLab angle of each hue in degrees, as in tokens.css; grey has none. */
const ANGLES: Record<Exclude<Hue, 'gray'>, number> = {
  red: 24,
  orange: 55,
  yellow: 95,
  green: 148,
  teal: 190,
  blue: 252,
  purple: 300,
  pink: 350,
}

const GRAY_CHROMA = 0.035

/** The hue of a palette name, or the one nearest to `#rrggbb`. */
export function hueOf(color: string): Hue {
  if (color in t.label.colors) return color as Hue
  return /^#[0-9a-f]{6}$/i.test(color) ? nearest(color) : 'gray'
}

function nearest(hex: string): Hue {
  const [a, b] = oklabOf(hex)
  if (Math.hypot(a, b) < GRAY_CHROMA) return 'gray'
  const angle = (Math.atan2(b, a) * 180) / Math.PI
  const away = (hue: number) => Math.abs(((angle - hue + 540) % 360) - 180)
  const entries = Object.entries(ANGLES) as [Exclude<Hue, 'gray'>, number][]
  return entries.reduce((best, next) => (away(next[1]) < away(best[1]) ? next : best))[0]
}

/** The a and b axes of OKLab (Ottosson 2020) for an sRGB hex colour. */
function oklabOf(hex: string): [number, number] {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255)) as [
    number,
    number,
    number,
  ]
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s]
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}
