/** Words of the dialog that imports files. Brought by imports.ts. */

import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('en', count, { one, other })

export const imports = {
  title: 'Import a file',
  hint: 'A board from Trello, Planka, WeKan, Nextcloud Deck or Lockstep, or a table as CSV or Excel. Nothing is brought in before you have seen what would come.',
  drop: 'Drop a file here',
  choose: 'Choose a file',
  other: 'Choose another file',
  looking: (file: string) => `${file} is being looked at …`,
  inside: (board: string) => `“${board}” holds:`,
  kinds: {
    task: (count: number) => n(count, '1 card', `${count} cards`),
    column: (count: number) => n(count, '1 column', `${count} columns`),
    label: (count: number) => n(count, '1 label', `${count} labels`),
    member: (count: number) => n(count, '1 new person', `${count} new people`),
    comment: (count: number) => n(count, '1 comment', `${count} comments`),
    checklist_item: (count: number) => n(count, '1 checklist item', `${count} checklist items`),
    description: (count: number) => n(count, '1 description', `${count} descriptions`),
    dependency: (count: number) => n(count, '1 dependency', `${count} dependencies`),
  } as Record<string, (count: number) => string>,
  first: 'The first cards',
  notes: {
    mapped: 'What comes in another shape',
    guessed: 'What the file does not say and was guessed',
    dropped: 'What stays behind',
  },
  example: (examples: string) => `Such as ${examples}`,
  people: 'Who is who',
  peopleHint: 'Whoever stays as in the file has no access to this board.',
  who: (name: string) => `Who is ${name}?`,
  asInFile: 'As in the file',
  start: 'Import',
  bringing: 'The file is being imported …',
  progress: 'How much has been imported',
  cancel: 'Stop',
  stopped: 'The import was stopped. What had come in by then is on the board.',
  done: (count: number) => n(count, '1 card was imported', `${count} cards were imported`),
  undo: 'Undo the import',
  undoing: 'The import is being undone …',
  undone: (count: number) => n(count, '1 card went to the trash', `${count} cards went to the trash`),
  kept: (titles: string) => `Somebody has worked on these since, so they stay: ${titles}`,
  earlier: 'Imported before',
  earlierOne: (when: string, count: number) => `${when}: ${n(count, '1 card', `${count} cards`)}`,
  undoEarlier: (when: string) => `Undo the import of ${when}`,
  failed: 'This did not work.',
  failures: {
    cancelled: 'It was stopped.',
    forbidden: 'You may not import into this board any more.',
    limit: 'The board would become too large, or the file is.',
    internal: 'Something went wrong at the server. Try again later.',
  } as Record<string, string>,
  reader: (sentence: string) => `The server says: ${sentence}`,
  tooLarge: 'This file is too large for this server.',
}
