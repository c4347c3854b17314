/** The words of an open card. Part of en.ts. */

const names = new Intl.ListFormat('en')
const count = new Intl.NumberFormat('en')

export const sheet = {
  old: 'These texts are from your last visit. They are brought up to date when the server can be reached.',
  unloaded: 'This card could not be opened.',
  unloadedHint: 'A part of the client did not arrive. Your changes are kept.',
  reload: 'Reload the page',

  editDescription: 'Edit the description',
  editing: (who: readonly string[]) => `${names.format(who)} ${who.length === 1 ? 'is' : 'are'} editing`,
  help: 'Markdown, @ for people, # for cards. Saved as you write; Esc ends.',
  full: (most: number) => `There is room for ${count.format(most)} characters. What you added was left out.`,
  noEditor: 'The editor did not arrive.',
}
