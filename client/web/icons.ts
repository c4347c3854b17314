/**
 * Lucide's icons as static markup. Their own component puts each together from data while the page runs, which took half
 * of the time in which a board of many cards is drawn; a template of the compiler's is cloned instead. It takes the
 * properties of Lucide's that we use.
 */

import type { PreprocessorGroup } from 'svelte/compiler'

const FILE = /@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/
const DATA = /const iconData = (\{.*\});/

type Shape = readonly [tag: string, attributes: Readonly<Record<string, string>>]

/** Throws when an icon's file does not look as it did: then Lucide has changed, and so must this. */
export const staticIcons: PreprocessorGroup = {
  name: 'static-icons',
  markup({ content, filename = '' }) {
    if (!FILE.test(filename.split('?')[0]!)) return
    const data = DATA.exec(content)?.[1]
    if (data === undefined) throw new Error(`${filename}: no data of an icon`)
    const { name, size, node } = JSON.parse(data) as { name: string; size: number; node: readonly Shape[] }
    return { code: SCRIPT + svg(name, size, node.map(shape).join('')) }
  },
}

const SCRIPT = `<script>
  let { size = 24, strokeWidth = 2, fill = 'none', 'aria-label': label = undefined } = $props()
</script>
`

function svg(name: string, size: number, shapes: string): string {
  return `<svg class="lucide lucide-${name}" viewBox="0 0 ${size} ${size}" width={size} height={size} {fill}
  stroke="currentColor" stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round"
  role={label && 'img'} aria-label={label} aria-hidden={label ? undefined : 'true'}>${shapes}</svg>`
}

function shape([tag, attributes]: Shape): string {
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`)
  return `<${tag}${given.join('')} />`
}
