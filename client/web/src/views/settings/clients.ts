/** What a browser says of itself, in two words. Pure. Meant for people: nothing depends on it. */

/** The first that fits: most browsers claim to be others too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** Null for what is no browser that is known: a script, say. */
export function clientOf(said: string): { browser: string; system: string | null } | null {
  const browser = nameIn(BROWSERS, said)
  return browser === null ? null : { browser, system: nameIn(SYSTEMS, said) }
}

function nameIn(table: typeof BROWSERS, said: string): string | null {
  return table.find(([pattern]) => pattern.test(said))?.[1] ?? null
}
