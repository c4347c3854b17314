/** Words about the people of a board, and about invitations of boards and workspaces. Part of en.ts. */

import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('en', count, { one, other })

const invitations = {
  title: 'Invitations',
  by: 'How',
  byLink: 'By link',
  byEmail: 'By e-mail',
  linkHint: 'Whoever has the link may come in, until it is used up or over.',
  emailHint: 'Only who has this address may come in, once.',
  email: 'E-mail address to invite',
  role: 'Role they get',
  uses: 'How many people',
  lasts: 'Lasts',
  days: (days: number) => n(days, '1 day', `${days} days`),
  makeLink: 'Make a link',
  makeEmail: 'Invite',
  madeLink: 'Link of the invitation',
  once: 'It is shown this once. Copy it now.',
  mailed: (email: string) => `${email} gets this link by mail, too.`,
  notMailed: (email: string) => `No mail is sent from here: hand the link to ${email} yourself.`,
  copy: 'Copy the link',
  open: 'Open invitations',
  anybody: 'Anybody with the link',
  used: (used: number, most: number) => `${used} of ${most} used`,
  until: (when: string) => `until ${when}`,
  revoke: (whose: string) => `Revoke the invitation for ${whose}`,
  revokeShort: 'Revoke',
  revoked: 'Invitation revoked',
}

export const people = {
  title: 'People on this board',
  add: 'Add somebody by e-mail',
  email: 'E-mail address',
  role: 'Role',
  roleOf: (name: string) => `Role of ${name}`,
  unknown: (email: string) => `Nobody with the e-mail ${email} has an account here.`,
  inviteThem: 'Invite them instead',
  added: (name: string) => `${name} was added`,
  already: (name: string) => `${name} is on this board already.`,
  fromWorkspace: 'Add from the workspace',
  imported: 'Imported, no account',
  former: 'No longer on this board',
  bot: 'Bot',
  botNamed: (name: string) => `${name} (bot)`,
  remove: (name: string) => `Remove ${name}`,
  leave: 'Leave this board',
  leaveShort: 'Leave',
  left: (board: string) => `You have left “${board}”`,
  transfer: (name: string) => `Hand the board over to ${name}`,
  transferShort: 'Hand over',
  transferHint: (name: string) => `${name} becomes admin and you editor.`,
  lastAdmin: 'A board keeps at least one admin. Make somebody else admin first.',
  others: 'Named on cards, without access',
  find: 'Find a person',
  visibility: 'Who can find this board',
  visibilities: {
    private: 'Only who is added or invited',
    workspace: 'Everybody in its workspace may join',
  },
  roleHints: {
    admin: 'Everything, people too',
    editor: 'Edits cards and columns',
    commenter: 'Reads and comments',
    viewer: 'Reads',
  },
  demoted: {
    title: 'Your role has changed',
    viewer: 'You can look, not edit.',
    commenter: 'You can look and comment, not edit.',
  },
  gone: {
    removed: 'You are not on this board any more',
    removedHint: (who: string) => `${who} took you out. What this browser had kept of the board is deleted.`,
    deleted: 'This board was deleted',
    deletedHint: (who: string) =>
      `${who} deleted it, and an admin can restore it for 30 days. What this browser had kept of it is deleted.`,
  },
  invitations,
}
