/** The words of an open card. Part of en.ts. */

const names = new Intl.ListFormat('en')
const count = new Intl.NumberFormat('en')

const amount = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const size = (bytes: number) =>
  bytes < 1e6 ? `${count.format(Math.ceil(bytes / 1e3))} KB` : `${amount.format(bytes / 1e6)} MB`

export const sheet = {
  files: {
    title: 'Files',
    add: 'Add files',
    choose: 'Choose files',
    hint: 'Or drop them here, or paste a picture',
    coming: (left: number, name: string) => (left === 1 ? `Uploading “${name}” …` : `Uploading ${left} files …`),
    facts: (bytes: number, version: number, who: string | undefined) =>
      [size(bytes), ...(version > 1 ? [`version ${version}`] : []), ...(who ? [who] : [])].join(' · '),
    show: (name: string) => `Show “${name}”`,
    opening: 'Opening …',
    keep: (name: string) => `Download “${name}”`,
    remove: (name: string) => `Delete “${name}”`,
    removed: (name: string) => `“${name}” deleted`,
  },
  old: 'These texts are from your last visit. They are brought up to date when the server can be reached.',
  unloaded: 'This card could not be opened.',
  unloadedHint: 'A part of the client did not arrive. Your changes are kept.',
  reload: 'Reload the page',

  editDescription: 'Edit the description',
  editing: (who: readonly string[]) => `${names.format(who)} ${who.length === 1 ? 'is' : 'are'} editing`,
  help: 'Markdown, @ for people, # for cards. Saved as you write; Esc ends.',
  full: (most: number) => `There is room for ${count.format(most)} characters. What you added was left out.`,
  cut: (most: number) =>
    `There is room for ${count.format(most)} characters. The rest of what you pasted was left out.`,
  unsent: 'You were writing',
  noEditor: 'The editor did not arrive.',

  when: 'fri 14:00, tomorrow, in 3 days',
  whenLabel: 'In words',
  notUnderstood: 'This is no date I know. Try “fri 14:00”, “tomorrow”, “in 3 days” or “2026-05-12”.',

  itemsHint: 'Enter adds the next; several pasted lines become several items. Alt with the arrows moves an item.',
  moved: (place: number, total: number) => `Moved to ${place} of ${total}`,

  waitsFor: 'Waits for',
  blocks: 'Blocks',
  addDependency: 'Add a card it waits for',
  addDependent: 'Add a card that waits for it',
  findCard: 'Find a card by title or number',
  noCard: 'No card is called that.',
  unlink: (title: string) => `Remove “${title}”`,
  done: 'done',

  offers: 'People and cards',
  stream: 'Comments and activity',
  older: 'Show older activity',
  loadingOlder: 'Loading older activity',
  lostActivity: 'Older activity could not be loaded.',
  onlyComments: 'Only comments',
  deed: {
    created: 'added this card',
    imported: 'imported this card',
    deleted: 'deleted this card',
    restored: 'restored this card',
    described: 'edited the description',
    archived: 'archived this card',
    unarchived: 'brought this card back from the archive',
    titled: (to: string, from: string | undefined) =>
      from === undefined ? `renamed this card to “${to}”` : `renamed this card from “${from}” to “${to}”`,
    moved: (to: string, from: string | undefined) =>
      from === undefined ? `moved this card to ${to}` : `moved this card from ${from} to ${to}`,
    priority: (to: string, from: string | undefined) =>
      from === undefined ? `set the priority to ${to}` : `changed the priority from ${from} to ${to}`,
    due: (to: string, from: string | undefined) =>
      from === undefined ? `set the due date to ${to}` : `moved the due date from ${from} to ${to}`,
    dueCleared: 'cleared the due date',
    start: (to: string, from: string | undefined) =>
      from === undefined ? `set the start to ${to}` : `moved the start from ${from} to ${to}`,
    startCleared: 'cleared the start',
    labelled: (added: readonly string[]) => `added ${names.format(added.map((name) => `“${name}”`))}`,
    unlabelled: (removed: readonly string[]) => `removed ${names.format(removed.map((name) => `“${name}”`))}`,
    labels: 'changed the labels',
    assigned: (added: readonly string[]) => `assigned ${names.format(added)}`,
    unassigned: (removed: readonly string[]) => `took ${names.format(removed)} off`,
    assignees: 'changed who is assigned',
    completed: 'completed this card',
    reopened: 'reopened this card',
    itemAdded: (text: string) => `added “${text}” to the checklist`,
    itemTicked: (text: string) => `ticked “${text}”`,
    itemUnticked: (text: string) => `unticked “${text}”`,
    checklist: 'changed the checklist',
    fileAdded: (name: string) => `attached “${name}”`,
    fileDeleted: (name: string) => `deleted the file “${name}”`,
    fileBack: (name: string) => `brought back the file “${name}”`,
    waits: (title: string) => `made it wait for “${title}”`,
    blocks: (title: string) => `made “${title}” wait for it`,
    commentEdited: 'edited a comment',
    commentDeleted: 'deleted a comment',
  },
}
