/** Which language the page speaks: as chosen on this device, else the first of the browser's that there is a catalogue for. */

/** Each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof LANGUAGES

const KEY = 'lockstep.language'

export const CODES = Object.keys(LANGUAGES) as readonly Language[]

/** Null: as the browser wishes. */
export function chosenLanguage(): Language | null {
  try {
    return CODES.find((code) => code === localStorage.getItem(KEY)) ?? null
  } catch {
    return null
  }
}

/** Counts from the next time the page is loaded. */
export function chooseLanguage(code: Language | null): void {
  try {
    if (code) localStorage.setItem(KEY, code)
    else localStorage.removeItem(KEY)
  } catch {
    // This browser keeps nothing, and goes on as it wishes.
  }
}

export function language(): Language {
  return chosenLanguage() ?? languageOf(wishes()) ?? 'en'
}

/** For dates, numbers and order: the language in use as it is written where the browser is at home, `de-AT`. */
export function locale(): string {
  const code = language()
  return wishes().find((wish) => codeOf(wish) === code) ?? code
}

/** The first of the wishes that can be met. */
export function languageOf(wishes: readonly string[]): Language | undefined {
  return wishes.map(codeOf).find((code) => code !== undefined)
}

function codeOf(wish: string): Language | undefined {
  return CODES.find((code) => code === wish.toLowerCase().split('-')[0])
}

function wishes(): readonly string[] {
  return globalThis.navigator?.languages ?? []
}
