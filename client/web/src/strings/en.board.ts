/** Words of the board: making cards, several cards at once, what is put away, what others do. Part of en.ts. */

import { guide } from './en.guide'
import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('en', count, { one, other })

export const onBoard = {
  quick: {
    me: 'me',
    hint: 'Enter adds the next, Esc closes. #label @person !priority ^day',
    understood: 'Understood',
    tooMany: (count: number, most: number) => `That is ${count} lines. At most ${most} become cards at once.`,
    added: (count: number) => n(count, '1 card added', `${count} cards added`),
  },

  select: {
    title: 'Chosen cards',
    choose: 'Select',
    unchoose: 'Deselect',
    card: (title: string) => `Select ${title}`,
    count: (count: number) => n(count, '1 card', `${count} cards`),
    clear: 'Choose none',
    move: 'Move',
    labels: 'Labels',
    assignees: 'Assign',
    due: 'Due',
    priority: 'Priority',
    archive: 'Archive',
    delete: 'Delete',
    deleted: (count: number) => n(count, '1 card deleted', `${count} cards deleted`),
    archived: (count: number) => n(count, '1 card archived', `${count} cards archived`),
  },

  carry: {
    hint: 'Arrow keys move it, Space puts it down, Esc gives it back',
    lifted: (count: number) => n(count, 'Lifted.', `${count} cards lifted.`),
    at: (column: string, place: number, count: number) => `${column}, ${place} of ${count}`,
    dropped: (where: string) => `Put down: ${where}`,
    cancelled: 'Given back',
  },

  menu: {
    title: 'Board menu',
    settings: 'Board settings',
    import: 'Import a file',
    export: 'Export the board',
    archived: 'Archived cards',
    deleted: 'Deleted cards',
  },

  export: {
    hint: 'The board as it is now, as a file for you to keep.',
    preparing: 'Being prepared …',
    done: (file: string) => `${file} is among your downloads`,
    formats: {
      json: {
        name: 'Lockstep',
        about: 'JSON with everything, archived and deleted cards too: to bring the board back',
      },
      ndjson: { name: 'Lockstep, line by line', about: 'NDJSON with everything, for programs' },
      xlsx: { name: 'Excel', about: 'A table of all cards, with real dates' },
      csv: { name: 'CSV', about: 'The same table for any other program' },
      md: { name: 'Markdown', about: 'Columns and cards as a text to read or to print' },
      ics: { name: 'Calendar', about: 'iCalendar with a to-do for each card' },
    },
  },

  settings: {
    title: 'Board settings',
    about: 'What it is about',
    aboutHint: 'Shown in the list of boards',
    background: 'Background',
    plain: 'Plain',
    delete: 'Delete this board',
    deleteHint: 'It goes for everybody, and can be restored from the list of boards for 30 days.',
    deleteSure: 'Delete it for everybody',
    deleted: (name: string) => `Board “${name}” deleted`,
  },

  away: {
    find: 'Find by title',
    restore: 'Restore',
    restoreOne: (title: string) => `Restore ${title}`,
    deleteOne: (title: string) => `Delete ${title}`,
    by: (who: string, when: string) => `${who}, ${when}`,
    further: (count: number) => n(count, 'and 1 more: search for it', `and ${count} more: search for them`),
    noneArchived: 'No cards are archived.',
    noneDeleted: 'No cards were deleted lately.',
    earlier: 'Show those deleted earlier',
  },

  fold: 'Collapse',
  unfold: (name: string, count: number) => `Expand ${name}, ${n(count, '1 card', `${count} cards`)}`,

  boards: {
    find: 'Find a board',
    star: (name: string) => `Star ${name}`,
    unstar: (name: string) => `Remove the star of ${name}`,
    deleted: 'Deleted boards',
    deletedHint: 'Admins can restore a board for 30 days.',
    restore: (name: string) => `Restore ${name}`,
    restored: (name: string) => `Board “${name}” restored`,
    nothing: 'No board has this name',
  },

  absence: {
    title: 'While you were away',
    people: ([first, second, ...others]: readonly string[]) =>
      others.length > 0
        ? `${first}, ${second} and ${others.length} more`
        : second
          ? `${first} and ${second}`
          : `${first}`,
    added: (count: number) => n(count, '1 card added', `${count} cards added`),
    completed: (count: number) => n(count, '1 card completed', `${count} cards completed`),
    moved: (count: number) => n(count, '1 card moved', `${count} cards moved`),
    deleted: (count: number) => n(count, '1 card deleted', `${count} cards deleted`),
    changed: (count: number) => n(count, '1 card changed', `${count} cards changed`),
    commented: (count: number) => n(count, '1 comment', `${count} comments`),
  },

  guide,

  moving: (name: string) => `${name} is moving this card`,

  tell: 'Say others’ changes',
  tellHint: 'Screen readers hear what others do on a board',

  complete: 'Complete',
  completeOne: (title: string) => `Complete ${title}`,
  completed: (title: string) => `“${title}” completed`,
  reopen: 'Reopen',
  reopenOne: (title: string) => `Reopen ${title}`,
  reopened: (title: string) => `“${title}” reopened`,
  copy: 'Copy card',
  copied: (title: string) => `“${title}” copied`,
  copiedFace: (title: string) => `“${title}” copied without its description and checklist, which could not be loaded`,
  archivedOne: (title: string) => `“${title}” archived`,
}
