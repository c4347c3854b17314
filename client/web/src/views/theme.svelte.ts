/** Light, dark or as the system wishes; kept on this device. */

export type Theme = 'system' | 'light' | 'dark'

export const THEMES: readonly Theme[] = ['system', 'light', 'dark']

const KEY = 'lockstep.theme'

const remembered = stored()
let theme = $state<Theme>(remembered)
show(remembered)

export function currentTheme(): Theme {
  return theme
}

export function setTheme(chosen: Theme): void {
  theme = chosen
  show(chosen)
  try {
    localStorage.setItem(KEY, chosen)
  } catch {
    // Storage is off or full: the choice lasts as long as the page.
  }
}

function show(chosen: Theme): void {
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
}

function stored(): Theme {
  try {
    return THEMES.find((name) => name === localStorage.getItem(KEY)) ?? 'system'
  } catch {
    return 'system'
  }
}
