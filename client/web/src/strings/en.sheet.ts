/** The words of an open card. Part of en.ts. */

export const sheet = {
  old: 'These texts are from your last visit. They are brought up to date when the server can be reached.',
  unloaded: 'This card could not be opened.',
  unloadedHint: 'A part of the client did not arrive. Your changes are kept.',
  reload: 'Reload the page',
}
