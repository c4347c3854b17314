/** Finding, filtering, and the other views of a board. Part of en.ts. */

import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('en', count, { one, other })

export const views = {
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
}
