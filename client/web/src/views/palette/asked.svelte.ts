/** What floats over the page at the wish of a key or a menu: the palette, one of its questions about cards, or the sheet of shortcuts. */

export type Question = 'labels' | 'assignees' | 'due' | 'priority' | 'move'

export type Asked =
  | { readonly kind: 'anything' }
  | { readonly kind: 'shortcuts' }
  /** Something about cards of the open board. */
  | { readonly kind: Question; readonly tasks: readonly string[] }

let current = $state.raw<Asked | null>(null)

export function asked(): Asked | null {
  return current
}

export function ask(what: Asked | null): void {
  current = what
}
