/** Finding, filtering, and the other views of a board. Part of en.ts. */

import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('en', count, { one, other })

export const views = {
  view: 'View',
  views: { board: 'Board', list: 'List' },
  unloaded: 'This view could not be loaded',
  unloadedHint: 'The connection may be gone. Nothing of the board is lost.',

  list: {
    title: 'Card',
    fields: {
      column: 'Column',
      labels: 'Labels',
      assignees: 'Assigned',
      priority: 'Priority',
      start: 'Start',
      due: 'Due',
      updated: 'Updated',
    },
    choose: 'Choose columns',
    addTo: (column: string) => `New card in ${column}`,
    empty: 'No cards yet',
    noneFound: 'No card passes the filter',
  },

  filter: {
    bar: 'Find and filter',
    find: 'Find cards',
    open: 'Filter',
    facets: {
      labels: 'Label',
      people: 'Person',
      due: 'Due',
      priorities: 'Priority',
      columns: 'Column',
      has: 'Has',
    },
    dues: { overdue: 'Overdue', today: 'Today', week: 'Next 7 days', none: 'No date' },
    facts: { checklist: 'Checklist', comments: 'Comments', dependencies: 'Dependencies' },
    noLabel: 'No label',
    nobody: 'Nobody',
    me: (name: string) => `${name} (you)`,
    gone: 'Not here any more',
    chip: (facet: string, values: string) => `${facet}: ${values}`,
    remove: (facet: string) => `Remove the filter ${facet}`,
    hidden: (count: number) => n(count, '1 card hidden', `${count} cards hidden`),
    noneHere: 'No card here passes the filter',
    clear: 'Clear',
    newHidden: (count: number) =>
      n(count, 'Added, but hidden by the filter', `${count} cards added, but hidden by the filter`),
    showAll: 'Clear the filter',
  },

  palette: {
    title: 'Find anything',
    placeholder: 'Cards, boards, people, commands',
    results: 'What fits',
    nothing: 'Nothing fits',
    found: (count: number) => n(count, '1 result', `${count} results`),
    kinds: { card: 'Card', board: 'Board', person: 'Person' },
    asks: {
      labels: 'Which label?',
      assignees: 'Who?',
      due: 'Due when?',
      priority: 'Which priority?',
      move: 'Move to which column?',
    },
    cards: (count: number) => n(count, '1 card', `${count} cards`),
    on: 'chosen',
    cardsOf: 'Show their cards',
    openCard: 'Open the card',
    mine: 'Show my cards',
    overdue: 'Show overdue cards',
    allBoards: 'All boards',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    groups: { anywhere: 'Anywhere', board: 'On the board', card: 'For a card', views: 'Views' },
    names: {
      palette: 'Find anything, do anything',
      find: 'Find cards on this board',
      help: 'All shortcuts',
      undo: 'Undo',
      redo: 'Redo',
      back: 'Back one step',
      up: 'Card above',
      down: 'Card below',
      left: 'Column before',
      right: 'Column after',
      create: 'New card',
      open: 'Open',
      rename: 'Edit the title',
      labels: 'Labels',
      assignees: 'Assign',
      due: 'Due date',
      priority: 'Priority',
      move: 'Move to a column',
      archive: 'Archive',
      asBoard: 'Board',
      asList: 'List',
    },
    or: 'or',
    notWhileWriting:
      'A card is meant when it has the focus, is open, or lies under the pointer. In fields of text these keys just write.',
    archived: (title: string) => `“${title}” archived`,
  },
}
