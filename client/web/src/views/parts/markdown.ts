/**
 * Markdown as people write it in descriptions and comments → HTML: no HTML of their own, no images from elsewhere, links
 * that a browser may follow, boxes to tick, cards and people by name. Not here: its looks and the last check of the HTML
 * (Prose.svelte).
 */

import MarkdownIt, { type StateCore, type Token } from 'markdown-it'

/** What `#42` and `@Ann` lead to. */
export interface Names {
  card(number: number): { readonly title: string; readonly href: string } | undefined
  readonly people: readonly string[]
}

export interface Looks {
  readonly names: Names
  /** Whether boxes can be ticked. */
  readonly ticks: boolean
}

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image')
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
markdown.core.ruler.push('boxes', boxes)
markdown.core.ruler.push('names', names)
markdown.renderer.rules.link_open = (tokens, at, options, _, renderer) => {
  tokens[at]!.attrSet('target', '_blank')
  tokens[at]!.attrSet('rel', 'noopener noreferrer nofollow')
  return renderer.renderToken(tokens, at, options)
}

export function htmlOf(text: string, looks: Looks): string {
  return markdown.render(text, { looks })
}

const BOX = /^((?:\s*>)*\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)+)\[([ xX])\](?=\s)/

/** The text with the box in that line, counted from 0, ticked or not ticked; null where there is none. */
export function tick(text: string, line: number): string | null {
  const parts = text.split(/(\r\n?|\n)/)
  const before = parts[2 * line]
  const after = before?.replace(BOX, (_, marks: string, box: string) => `${marks}[${box === ' ' ? 'x' : ' '}]`)
  if (after === undefined || after === before) return null
  return parts.with(2 * line, after).join('')
}

/** `- [ ] water` becomes a box that knows its line. */
function boxes({ tokens, Token, env }: StateCore): void {
  const { ticks } = env['looks'] as Looks
  for (const [i, inline] of tokens.entries()) {
    const item = tokens[i - 2]
    const first = inline.children?.[0]
    if (inline.type !== 'inline' || item?.type !== 'list_item_open' || first?.type !== 'text') continue
    const box = /^\[([ xX])\]\s/.exec(first.content)?.[1]
    if (box === undefined) continue
    first.content = first.content.slice(4)
    item.attrJoin('class', 'task')
    const state = `${box === ' ' ? '' : ' checked'}${ticks ? '' : ' disabled'}`
    const open = html(Token, `<label><input type="checkbox" data-line="${inline.map![0]}"${state}> <span>`)
    inline.children = [open, ...inline.children!, html(Token, '</span></label>')]
  }
}

/** `#42` becomes a link to the card, `@Ann` stands out. */
function names({ tokens, Token, env }: StateCore): void {
  const { names } = env['looks'] as Looks
  const pattern = patternOf(names.people)
  for (const inline of tokens) {
    let depth = 0
    inline.children = (inline.children ?? []).flatMap((token) => {
      depth += token.type === 'link_open' ? 1 : token.type === 'link_close' ? -1 : 0
      return token.type === 'text' && depth === 0 ? named(token, Token, pattern, names) : [token]
    })
  }
}

function named(text: Token, Make: typeof Token, pattern: RegExp, names: Names): Token[] {
  const made: Token[] = []
  let from = 0
  for (const match of text.content.matchAll(pattern)) {
    const shown = htmlOfName(match[0], match[1], names)
    if (shown === null) continue
    made.push(plain(Make, text.content.slice(from, match.index)), html(Make, shown))
    from = match.index + match[0].length
  }
  return made.length === 0 ? [text] : [...made, plain(Make, text.content.slice(from))]
}

function htmlOfName(name: string, number: string | undefined, names: Names): string | null {
  const { escapeHtml } = markdown.utils
  if (number === undefined) return `<span class="person">${escapeHtml(name)}</span>`
  const card = names.card(Number(number))
  return card ? `<a href="${escapeHtml(card.href)}" title="${escapeHtml(card.title)}">${name}</a>` : null
}

/** Longer names first, so that `@Ann Lee` is not `@Ann`. */
function patternOf(people: readonly string[]): RegExp {
  const longest = [...people].sort((a, b) => b.length - a.length)
  const any = longest.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return new RegExp(`(?<=^|[\\s(])(?:#(\\d{1,9})${any && `|@(?:${any})`})(?![\\p{L}\\p{N}_])`, 'giu')
}

function html(Make: typeof Token, content: string): Token {
  return Object.assign(new Make('html_inline', '', 0), { content })
}

function plain(Make: typeof Token, content: string): Token {
  return Object.assign(new Make('text', '', 0), { content })
}
