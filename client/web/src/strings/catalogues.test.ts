import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'svelte/compiler'
import { expect, test } from 'vitest'
import { de as german } from './de'
import { imports as germanImports } from './de.imports'
import { own as germanOwn } from './de.own'
import { en as english } from './en'
import { imports as englishImports } from './en.imports'
import { own as englishOwn } from './en.own'
import { languageOf } from './language'

const de = { ...german, own: germanOwn, imports: germanImports }
const en = { ...english, own: englishOwn, imports: englishImports }

type Leaf = readonly [path: string, value: unknown]

/** Every word of a catalogue by its path, refusal codes too. */
function leaves(value: unknown, path = ''): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, each]) => leaves(each, `${path}.${key}`))
}

const shapes = (catalogue: unknown) => leaves(catalogue).map(([path, value]) => `${path} ${typeof value}`)

test('German says all that English says, and nothing else', () => {
  expect(shapes(de).toSorted()).toEqual(shapes(en).toSorted())
})

test('words that take something take as much in both', () => {
  const arity = (catalogue: unknown) =>
    leaves(catalogue).flatMap(([path, value]) => (typeof value === 'function' ? [`${path} ${value.length}`] : []))
  expect(arity(de).toSorted()).toEqual(arity(en).toSorted())
})

test('no word is empty, and numbers choose theirs by the language', () => {
  for (const catalogue of [de, en]) {
    expect(leaves(catalogue).filter(([, value]) => value === '')).toEqual([])
  }
  const counts = [0, 1, 2].map((count) => de.column.count(count))
  expect(counts).toEqual(['0 Karten', '1 Karte', '2 Karten'])
  expect(de.views.filter.hidden(1)).toBe('1 Karte ausgeblendet')
})

test('the browser’s first wish that can be met is met', () => {
  expect(languageOf(['fr-FR', 'de-AT', 'en'])).toBe('de')
  expect(languageOf(['en-US', 'de'])).toBe('en')
  expect(languageOf(['fr'])).toBeUndefined()
})

/** Attributes that people read. */
const READ = new Set(['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'label', 'hint'])
const LETTERS = /\p{L}{2,}/u

/** What a component says itself instead of asking the catalogue. */
function saidBy(source: string): string[] {
  const said: string[] = []
  const visit = (node: unknown, within: string): void => {
    if (Array.isArray(node)) return node.forEach((each) => visit(each, within))
    if (typeof node !== 'object' || node === null) return
    const { type, data, name } = node as { type?: string; data?: string; name?: string }
    const read = within === '' || READ.has(within)
    if (type === 'Text' && read && data && LETTERS.test(data)) said.push(data.trim())
    const inner = type === 'Attribute' || type === 'StyleDirective' ? name! : within
    for (const [key, value] of Object.entries(node)) if (key !== 'parent') visit(value, inner)
  }
  visit(parse(source, { modern: true }).fragment, '')
  return said
}

test('a literal text in a view is found', () => {
  expect(saidBy('<p class="quiet word">Hello {name}</p><i title="Press here" />')).toEqual(['Hello', 'Press here'])
})

/** Every component is parsed. */
const PATIENCE_MS = 60_000

test('no view says anything that is not in the catalogue', { timeout: PATIENCE_MS }, () => {
  const views = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.svelte'))
  expect(views.length).toBeGreaterThan(60)
  const found = views.flatMap((path) => saidBy(readFileSync(`src/${path}`, 'utf8')).map((said) => `${path}: ${said}`))
  expect(found).toEqual([])
})
