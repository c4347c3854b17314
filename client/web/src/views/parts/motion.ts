/** How things move, and that they do not when the person asked for calm. */

const calm = window.matchMedia('(prefers-reduced-motion: reduce)')

export const GLIDE_MS = 180

export function reduced(): boolean {
  return calm.matches
}

/** Parameters for a Svelte transition: the house's time, or none at all. */
export function motion<P extends object>(parameters?: P): P & { duration: number } {
  return { ...(parameters as P), duration: reduced() ? 0 : GLIDE_MS }
}
