/**
 * The field in which long texts are written: CodeMirror with Markdown. Loaded when a card opens. Not here: where the
 * text goes, and what is offered after `@` and `#` (offers.ts).
 */

import {
  acceptCompletion,
  autocompletion,
  closeCompletion,
  moveCompletionSelection,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands'
import {
  defineLanguageFacet,
  HighlightStyle,
  indentUnit,
  Language,
  languageDataProp,
  syntaxHighlighting,
} from '@codemirror/language'
import { Annotation, EditorState, Transaction, type Extension } from '@codemirror/state'
import { EditorView, keymap, placeholder, type Command } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { GFM, parser } from '@lezer/markdown'
import { edits } from '../../sync/merge'
import { nextLine } from './lists'
import type { Offer } from './offers'

export interface EditorOptions {
  /** Where it is put: styles stay inside, as the page allows none that were not served with it. */
  readonly root: ShadowRoot
  readonly text: string
  readonly label: string
  readonly hint: string
  /** UTF-16 units. */
  readonly most: number
  /** What can be written instead of a word that begins with `@` or `#`. */
  readonly offers: (word: string) => readonly Offer[]
  readonly onwrite: (text: string) => void
  /** More was to be written than there is room for; it was left out. */
  readonly onfull: () => void
  readonly onleave: () => void
  /** Esc, or Ctrl+Enter. */
  readonly ondone: () => void
}

export interface Editor {
  /** Somebody else's words come in around the caret. */
  show(text: string): void
  focus(): void
  close(): void
}

const theirs = Annotation.define<true>()

export function openEditor(options: EditorOptions): Editor {
  const { root, text } = options
  const state = EditorState.create({ doc: text, selection: { anchor: text.length }, extensions: extensionsOf(options) })
  const view = new EditorView({ state, parent: root, root })
  return {
    show(text) {
      const before = view.state.doc.toString()
      const annotations = [theirs.of(true), Transaction.addToHistory.of(false)]
      if (before !== text) view.dispatch({ changes: [...edits(before, text)], annotations })
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  }
}

function extensionsOf({ label, hint, most, offers, onwrite, onfull, onleave, ondone }: EditorOptions): Extension {
  const done = () => (ondone(), true)
  return [
    history(),
    indentUnit.of('  '),
    language,
    syntaxHighlighting(looks),
    theme,
    EditorView.lineWrapping,
    placeholder(hint),
    autocompletion({
      override: [(context) => completing(context, offers)],
      icons: false,
      defaultKeymap: false,
      interactionDelay: 0,
    }),
    keymap.of([
      { key: 'Escape', run: (view) => closeOffers(view) || done(), preventDefault: true, stopPropagation: true },
      { key: 'ArrowDown', run: moveCompletionSelection(true) },
      { key: 'ArrowUp', run: moveCompletionSelection(false) },
      { key: 'Enter', run: acceptCompletion },
      { key: 'Mod-Enter', run: done },
      { key: 'Mod-b', run: around('**') },
      { key: 'Mod-i', run: around('_') },
      { key: 'Enter', run: continueList },
      { key: 'Tab', run: inList(indentMore), shift: inList(indentLess) },
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.contentAttributes.of({
      'aria-label': label,
      spellcheck: 'true',
      autocapitalize: 'sentences',
      dir: 'auto',
    }),
    EditorState.transactionFilter.of((change) => {
      const tooLong = change.docChanged && !change.annotation(theirs) && change.newDoc.length > most
      if (!tooLong || change.newDoc.length <= change.startState.doc.length) return change
      onfull()
      return []
    }),
    EditorView.updateListener.of(({ docChanged, transactions, state }) => {
      if (docChanged && !transactions.every((each) => each.annotation(theirs))) onwrite(state.doc.toString())
    }),
    EditorView.domEventHandlers({ blur: onleave }),
  ]
}

function completing(context: CompletionContext, offers: EditorOptions['offers']): CompletionResult | null {
  const word = context.matchBefore(/(?:^|(?<=[\s(]))[@#][^\s@#]*$/u)
  if (!word) return null
  const options = offers(word.text).map(({ label, detail }): Completion => ({ label, detail, apply: `${label} ` }))
  return { from: word.from, options, filter: false }
}

/** By what is seen. What is only being looked for does not count: Esc right after a letter ends writing. */
const closeOffers: Command = (view) =>
  view.dom.querySelector('.cm-tooltip-autocomplete') !== null && closeCompletion(view)

/** Enter in a list begins the next item, and ends the list in an empty one. */
const continueList: Command = ({ state, dispatch }) => {
  const { from, to } = state.selection.main
  const line = state.doc.lineAt(from)
  const next = from === to ? nextLine(line.text, from - line.from) : null
  if (next === null) return false
  const changes = next === '' ? { from: line.from, to: line.to } : { from, insert: `\n${next}` }
  const anchor = next === '' ? line.from : from + 1 + next.length
  dispatch(state.update({ changes, selection: { anchor }, scrollIntoView: true, userEvent: 'input' }))
  return true
}

/** Tab moves lists in and out; elsewhere it goes on to the next control, as everywhere on the page. */
function inList(run: Command): Command {
  return (view) => {
    const line = view.state.doc.lineAt(view.state.selection.main.from)
    return nextLine(line.text, line.length) !== null && run(view)
  }
}

function around(mark: string): Command {
  return ({ state, dispatch }) => {
    const { from, to } = state.selection.main
    const changes = [
      { from, insert: mark },
      { from: to, insert: mark },
    ]
    const selection = { anchor: from + mark.length, head: to + mark.length }
    dispatch(state.update({ changes, selection, userEvent: 'input' }))
    return true
  }
}

const data = defineLanguageFacet()
const language = new Language(
  data,
  parser.configure([GFM, { props: [languageDataProp.add({ Document: data })] }]),
  [],
  'markdown',
)

const looks = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '600' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: tags.monospace, fontFamily: 'ui-monospace, Menlo, Consolas, monospace', fontSize: '0.875em' },
  { tag: [tags.link, tags.url], color: 'var(--accent)' },
  { tag: tags.quote, color: 'var(--ink-soft)' },
  { tag: [tags.processingInstruction, tags.list, tags.meta, tags.contentSeparator], color: 'var(--ink-faint)' },
])

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', background: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '1.55', overflow: 'visible' },
  '.cm-content': { minHeight: '6em', padding: '0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0', overflowWrap: 'anywhere' },
  '.cm-placeholder': { color: 'var(--ink-faint)' },
  '.cm-tooltip': {
    overflow: 'hidden',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    background: 'var(--surface)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', padding: 'var(--s1)', maxHeight: '15em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '4px 8px',
    borderRadius: 'var(--radius-small)',
    lineHeight: '1.4',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--control-hover)', color: 'var(--ink)' },
  '.cm-completionLabel': { fontSize: 'var(--text-board)' },
  '.cm-completionDetail': { color: 'var(--ink-faint)', fontStyle: 'normal', fontSize: 'var(--text-fact)' },
})
