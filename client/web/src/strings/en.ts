/** Every word the client says, in English. Another language is a file of this shape (`Strings`); numbers choose their words with `plural`. */

import { onBoard } from './en.board'
import { door, session } from './en.door'
import { edits, rejected } from './en.edits'
import { views } from './en.views'
import { people } from './en.people'
import { sheet } from './en.sheet'
import { workspace } from './en.workspace'
import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('en', count, { one, other })

export const en = {
  product: 'Lockstep',
  skip: 'Skip to the board',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  add: 'Add',
  remove: 'Remove',
  undo: 'Undo',
  dismiss: 'Dismiss',
  copy: 'Copy text',
  copied: 'Copied',
  more: 'More',
  you: 'you',
  somebody: 'Somebody',

  session,

  door,

  offline: {
    leaveTitle: 'Sign out and lose changes?',
    unsent: (count: number) =>
      n(
        count,
        '1 change has not reached the server yet. Signing out here discards it.',
        `${count} changes have not reached the server yet. Signing out here discards them.`,
      ),
    leave: 'Discard and sign out',
    newBuild: 'A new version is ready.',
    takeBuild: 'Reload',
    unkept: 'This browser keeps nothing for later. Leave the page only when all changes are saved.',
  },

  theme: { title: 'Appearance', system: 'As the system', light: 'Light', dark: 'Dark' },

  language: { title: 'Language', browser: 'As the browser' },

  errors: {
    offline: 'The server cannot be reached. Check the connection and try again.',
    unknown: 'Something went wrong on the server. Try again in a moment.',
    notFound: 'There is nothing here',
    notFoundHint: 'The board was deleted, or you are not a member of it.',
    unknownAddress: 'This address leads nowhere.',
    toProjects: 'To your boards',
    retry: 'Try again',
    wait: (when: string) => `Too many attempts. Try again ${when}.`,
    busy: (when: string) => `The server is busy. Try again ${when}.`,
    codes: {
      forbidden: 'Your role does not allow this any more.',
      not_found: 'It is gone meanwhile.',
      conflict: 'It was changed meanwhile. Look again and repeat it.',
      invalid: 'The server did not accept it.',
      limit: 'There are as many as there may be. Remove some first.',
      body_too_large: 'This is too large.',
      body_too_slow: 'The connection is too slow. Try again.',
      token_invalid: 'You were signed out. Sign in and repeat it.',
      token_expired: 'You were signed out. Sign in and repeat it.',
    } as Readonly<Record<string, string>>,
  },

  projects: {
    title: 'Boards',
    create: 'New board',
    name: 'Name of the board',
    empty: 'No boards yet',
    emptyHint: 'A board holds columns and cards. Create one, then add people by e-mail.',
    roles: { admin: 'Admin', editor: 'Editor', commenter: 'Commenter', viewer: 'Viewer' },
    open: (name: string) => `Open ${name}`,
  },

  connection: {
    live: 'Live',
    polled: 'Live, a few seconds late',
    polledHint: 'This network blocks the direct connection, so the server is asked every few seconds.',
    connecting: 'Connecting',
    catchingUp: 'Catching up',
    offline: 'Offline',
    waiting: (count: number) => n(count, '1 change waiting', `${count} changes waiting`),
    saved: 'All changes are saved',
    saving: 'Saving',
    ended: 'This page is not connected any more. Reload it to go on; changes that wait are kept.',
    reload: 'Reload',
    offlineHint: 'You can go on working; changes are kept and sent when the connection is back.',
  },

  presence: {
    here: (count: number) => n(count, '1 person here', `${count} people here`),
    on: (name: string) => `${name} is on this card`,
    typing: (name: string) => `${name} is typing`,
    more: (count: number) => `and ${count} more`,
  },

  board: {
    label: (name: string) => `Board ${name}`,
    rename: 'Board name',
    people: 'People',
    loading: 'Loading the board',
    failed: 'The board could not be loaded',
    noColumns: 'This board has no columns',
    noColumnsHint: 'Add one to hold cards.',
  },

  column: {
    add: 'Add column',
    name: 'Name of the column',
    count: (count: number) => n(count, '1 card', `${count} cards`),
    wip: (count: number, limit: number) => `${count} of at most ${limit} cards`,
    over: 'over the limit',
    actions: (name: string) => `Actions for column ${name}`,
    rename: 'Rename',
    moveLeft: 'Move left',
    moveRight: 'Move right',
    limit: 'Limit of cards',
    noLimit: 'No limit',
    category: 'What cards here are',
    categories: { backlog: 'Backlog', todo: 'To do', in_progress: 'In progress', completed: 'Completed' },
    delete: 'Delete column',
    deleteTitle: (name: string) => `Delete “${name}”?`,
    deleteMove: (count: number) => n(count, 'Move its card to', `Move its ${count} cards to`),
    onlyOne: 'It holds cards and there is no other column to take them. Add a column first.',
    deleted: (name: string) => `Column “${name}” deleted`,
    empty: 'Add a card, or drop one here',
    emptyReadOnly: 'No cards',
  },

  card: {
    add: 'Add a card',
    addTop: (name: string) => `Add a card at the top of ${name}`,
    title: 'Title of the card',
    placeholder: 'What needs doing?',
    actions: (title: string) => `Actions for ${title}`,
    open: 'Open',
    rename: 'Rename',
    moveTo: 'Move to',
    top: 'Top',
    bottom: 'Bottom',
    up: 'Up',
    down: 'Down',
    copyLink: 'Copy link',
    linkCopied: 'Link copied',
    delete: 'Delete',
    deleted: (title: string) => `“${title}” deleted`,
    restored: (title: string) => `“${title}” restored`,
    checklist: (done: number, total: number) => `Checklist: ${done} of ${total} done`,
    described: 'Has a description',
    comments: (count: number) => n(count, '1 comment', `${count} comments`),
    files: (count: number) => n(count, '1 file', `${count} files`),
    description: 'Has a description',
    assigned: (names: string) => `Assigned to ${names}`,
    done: 'Completed',
    movedHere: (title: string, column: string, place: number, count: number) =>
      `${title} moved to ${column}, ${place} of ${count}`,
  },

  task: {
    close: 'Close card',
    number: (number: number) => `#${number}`,
    column: 'Column',
    priority: 'Priority',
    due: 'Due',
    start: 'Start',
    labels: 'Labels',
    assignees: 'Assigned',
    none: 'None',
    description: 'Description',
    describe: 'Add a description',
    checklist: 'Checklist',
    addItem: 'Add an item',
    itemText: 'Text of the item',
    itemUp: (text: string) => `Move “${text}” up`,
    itemDown: (text: string) => `Move “${text}” down`,
    itemDelete: (text: string) => `Delete “${text}”`,
    itemDeleted: 'Item deleted',
    comments: 'Comments',
    comment: 'Write a comment',
    send: 'Comment',
    edit: 'Edit',
    edited: 'edited',
    commentDeleted: 'Comment deleted',
    created: (who: string) => `Created by ${who}`,
    createdPlain: 'Created',
    updated: 'Updated',
    completed: 'Completed',
    loading: 'Loading the card',
    loadFailed: 'The rest of this card could not be loaded.',
    gone: 'This card was deleted',
    restore: 'Restore the card',
    goneHint: 'Somebody deleted it while you had it open, or the link is old.',
    conflict: (who: string) =>
      `${who} changed the same part of this description while you were writing. Both texts are kept.`,
    theirs: 'Theirs',
    yours: 'Yours',
    keepMine: 'Keep mine',
    takeTheirs: 'Take theirs',
    keepBoth: 'Put both in the text',
  },

  sheet,

  priority: {
    names: { urgent: 'Urgent', high: 'High', medium: 'Medium', low: 'Low' },
    label: (name: string) => `Priority: ${name}`,
  },

  due: {
    date: 'Date',
    time: 'Time',
    addTime: 'Time (optional)',
    today: 'Today',
    tomorrow: 'Tomorrow',
    yesterday: 'Yesterday',
    nextWeek: 'Next week',
    clear: 'Clear',
    past: 'This date is in the past: the card shows as overdue and nobody is reminded.',
    late: 'overdue',
    label: (when: string) => `Due ${when}`,
    startLabel: (when: string) => `Starts ${when}`,
    afterDue: 'The start is after the due date.',
  },

  label: {
    find: 'Find or create a label',
    create: (name: string) => `Create “${name}”`,
    edit: (name: string) => `Edit label ${name}`,
    name: 'Name',
    color: 'Colour',
    delete: 'Delete label',
    deleted: (name: string) => `Label “${name}” deleted`,
    back: 'Back to labels',
    none: 'No labels on this board yet',
    colors: {
      red: 'Red',
      orange: 'Orange',
      yellow: 'Yellow',
      green: 'Green',
      teal: 'Teal',
      blue: 'Blue',
      purple: 'Purple',
      pink: 'Pink',
      gray: 'Grey',
    },
  },

  people,

  edits,

  rejected,

  onBoard,

  views,

  workspace,

  live: {
    created: (who: string, title: string, column: string) => `${who} added ${title} to ${column}`,
    moved: (who: string, title: string, column: string) => `${who} moved ${title} to ${column}`,
    renamed: (who: string, title: string) => `${who} renamed a card to ${title}`,
    deleted: (who: string) => `${who} deleted a card`,
    commented: (who: string, title: string) => `${who} commented on ${title}`,
    many: (who: string, count: number) => n(count, `${who} changed 1 card`, `${who} changed ${count} cards`),
  },
}

export type Strings = typeof en
