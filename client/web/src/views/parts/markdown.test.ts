import { describe, expect, test } from 'vitest'
import { htmlOf, tick, type Names } from './markdown'

const names: Names = {
  card: (number) => (number === 42 ? { title: 'Dig "it"', href: '/p/1/t/2' } : undefined),
  people: ['Ann', 'Ann Lee', 'C++ (bot)'],
}
const shown = (text: string, ticks = true) => htmlOf(text, { names, ticks }).trim()

describe('what is written', () => {
  test('is shown as Markdown', () => {
    expect(shown('**Two** spades\ndeep')).toBe('<p><strong>Two</strong> spades<br>\ndeep</p>')
    expect(shown('| a |\n|---|\n| b |')).toContain('<td>b</td>')
    expect(shown('~~no~~')).toBe('<p><s>no</s></p>')
  })

  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;'],
    ['<img src=x onerror=alert(1)>', '&lt;img'],
    ['<b onclick="x()">b</b>', '&lt;b onclick'],
  ])('HTML is text: %s', (text, html) => expect(shown(text)).toContain(html))

  test.each([
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](data:text/html,x)',
    '[a](vbscript:x)',
    '<javascript:alert(1)>',
  ])('a link that runs something is text: %s', (text) => expect(shown(text)).not.toContain('href'))

  test('an image from elsewhere is a link: nobody learns who looks', () => {
    expect(shown('![cat](https://example.org/cat.png)')).not.toContain('<img')
  })

  test('links open apart from the board', () => {
    const link =
      '<a href="https://example.org" target="_blank" rel="noopener noreferrer nofollow">https://example.org</a>'
    expect(shown('https://example.org')).toBe(`<p>${link}</p>`)
    expect(shown('see README.md')).toBe('<p>see README.md</p>')
  })
})

describe('names', () => {
  test('of cards lead there, unknown ones are text', () => {
    expect(shown('see #42, not #43 nor a#42')).toBe(
      '<p>see <a href="/p/1/t/2" title="Dig &quot;it&quot;">#42</a>, not #43 nor a#42</p>',
    )
  })

  test('of people stand out, the longest one counts', () => {
    const person = (name: string) => `<span class="person">${name}</span>`
    expect(shown('@Ann Lee and @ann (@C++ (bot)), not @Anna')).toBe(
      `<p>${person('@Ann Lee')} and ${person('@ann')} (${person('@C++ (bot)')}), not @Anna</p>`,
    )
  })

  test('in links and code are text', () => {
    expect(shown('`#42` [#42](https://a.org)')).not.toContain('/p/1')
  })
})

describe('boxes', () => {
  const list = '- [ ] Spade\n- [x] Gloves\n  1. [X] Left\n\nnot [ ] here\n\n> - [ ] Quoted\n'

  test('know their line', () => {
    const lines = [...shown(list).matchAll(/data-line="(\d+)"( checked)?/g)].map(([, line, checked]) => [
      line,
      !!checked,
    ])
    expect(lines).toEqual([
      ['0', false],
      ['1', true],
      ['2', true],
      ['6', false],
    ])
    expect(shown('- [ ] Spade', false)).toContain('data-line="0" disabled')
  })

  test.each([
    [0, list.replace('[ ] Spade', '[x] Spade')],
    [1, list.replace('[x] Gloves', '[ ] Gloves')],
    [2, list.replace('[X] Left', '[ ] Left')],
    [4, null],
    [6, list.replace('[ ] Quoted', '[x] Quoted')],
    [99, null],
  ])('in line %i are ticked in the text and nothing else changes', (line, text) => {
    expect(tick(list, line)).toBe(text)
  })

  test('keep the ends of lines as they are', () => {
    expect(tick('a\r\n- [ ] b\r\n', 1)).toBe('a\r\n- [x] b\r\n')
  })

  test('what is shown as a box can be ticked', () => {
    for (const text of [
      '* [ ] a',
      '+ [ ] a',
      '1) [ ] a',
      '- - [ ] a',
      '   - [ ] a',
      '>- [ ] a',
      '-   [ ]  a',
      '- [ ]\ta',
    ]) {
      const line = /data-line="(\d+)"/.exec(shown(text))
      if (line) expect([text, tick(text, Number(line[1]))]).not.toEqual([text, null])
    }
  })
})
