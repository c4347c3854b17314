/** Words of workspaces: who is in them, their bots, their log, their end. Part of en.ts. */

import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('en', count, { one, other })

const roles = { owner: 'Owner', admin: 'Admin', member: 'Member', guest: 'Guest' }

/** Of a workspace or of a board. */
const roleOf = (role: string) =>
  (({ ...roles, editor: 'Editor', commenter: 'Commenter', viewer: 'Viewer' }) as Record<string, string>)[role] ?? role

export const workspace = {
  title: 'Workspace',
  create: 'New workspace',
  name: 'Name of the workspace',
  choose: 'Workspace',
  visibility: 'Who can find it',
  open: (name: string) => `Workspace ${name}`,
  shared: 'Shared with you',
  sharedHint: 'Boards of workspaces that you are not in.',
  noBoards: 'No boards here yet.',
  joinable: 'You can join',
  join: 'Join',
  joinOne: (name: string) => `Join ${name}`,
  private: 'Only its members find it',
  gone: 'This workspace is gone, or you are not in it any more.',
  loading: 'Loading the workspace',
  parts: { people: 'People', bots: 'Bots', log: 'Log', settings: 'Settings' },

  roles,
  roleHints: {
    owner: 'Everything, owners and the end of the workspace too',
    admin: 'People, bots and all boards',
    member: 'Makes boards, joins open ones',
    guest: 'Only the boards they are let into',
  },

  people: {
    title: 'People',
    guest: 'Guests do not see who else is in a workspace.',
    since: 'In here since',
    remove: (name: string) => `Remove ${name}`,
    removeHint: (name: string) => `${name} leaves this workspace and all of its boards.`,
    removed: (name: string) => `${name} was removed`,
    leave: 'Leave this workspace',
    leaveHint: 'You leave all of its boards, too.',
    leaveShort: 'Leave',
    left: (name: string) => `You have left “${name}”`,
    transfer: (name: string) => `Make ${name} the owner in your place`,
    transferShort: 'Make owner',
    transferHint: (name: string) => `The workspace is ${name}’s then, and you stay as an admin.`,
    transferred: (name: string) => `The workspace is ${name}’s now`,
    lastOwner: 'A workspace keeps at least one owner. Make somebody else owner first.',
    ledBoards: (boards: readonly string[]) =>
      `You are the only admin of ${boards.map((each) => `“${each}”`).join(', ')}. Make somebody else admin there first.`,
  },

  bots: {
    title: 'Bots',
    hint: 'Programs that act under their own name. They sign in with tokens and are added to boards like people.',
    none: 'No bots yet.',
    name: 'Name of the bot',
    create: 'New bot',
    remove: (name: string) => `Remove ${name}`,
    removeHint: (name: string) => `${name} leaves all boards, and its tokens end at once.`,
    tokens: (name: string) => `Tokens of ${name}`,
    noTokens: 'No tokens yet. Without one it cannot sign in.',
    tokenName: 'Name of the token',
    scope: 'What it may do',
    scopes: {
      read: 'Read',
      write: 'Read and edit',
      admin: 'All that its role on a board allows',
    },
    expires: 'Lasts',
    forever: 'Without end',
    days: (days: number) => n(days, '1 day', `${days} days`),
    createToken: 'New token',
    made: (name: string) => `Token of ${name}`,
    once: 'It is shown this once. Copy it now.',
    copy: 'Copy the token',
    revoke: (name: string) => `Revoke ${name}`,
    revokeShort: 'Revoke',
    revokeHint: 'Programs that use it are shut out at once.',
    used: 'Last used',
    unused: 'Never used',
    until: (when: string) => `until ${when}`,
  },

  log: {
    title: 'Log',
    hint: 'Who changed whose access. Roles on a board stand in the board’s own activity.',
    none: 'Nothing has happened yet.',
    older: 'Show older entries',
    loading: 'Loading older entries',
    somebody: 'a former member',
    events: {
      signed_in: () => 'signed in',
      sign_in_failed: () => 'failed to sign in',
      sign_ins_ended: () => 'signed out other browsers',
      password_changed: () => 'changed their password',
      password_reset: () => 'chose a new password by a mailed link',
      email_changed: () => 'changed their e-mail address',
      second_factor_switched_on: () => 'switched the second factor on',
      second_factor_switched_off: () => 'switched the second factor off',
      recovery_codes_renewed: () => 'made new recovery codes',
      data_downloaded: () => 'downloaded all their data',
      account_deleted: () => 'deleted their account',
      token_created: ({ token }: Told) => `made the token ${quoted(token)}`,
      token_revoked: ({ token }: Told) => `revoked the token ${quoted(token)}`,
      calendar_feed_created: () => 'made a calendar feed',
      calendar_feed_revoked: () => 'revoked a calendar feed',
      workspace_created: () => 'made the workspace',
      workspace_renamed: ({ workspace }: Told) => `renamed the workspace to ${quoted(workspace)}`,
      workspace_deleted: () => 'deleted the workspace',
      workspace_transferred: ({ name }: Told) => `made ${name} the owner in their place`,
      workspace_role_changed: ({ name, was, role }: Told) =>
        `changed the role of ${name} from ${roleOf(was)} to ${roleOf(role)}`,
      workspace_member_joined: ({ role }: Told) => `came in as ${roleOf(role)}`,
      workspace_member_removed: ({ name, self }: Told) => (self ? 'left the workspace' : `removed ${name}`),
      bot_created: ({ name }: Told) => `made the bot ${name}`,
      invitation_created: ({ role, email, board }: Told) =>
        `invited ${email || 'by link'} as ${roleOf(role)}${board ? ` to the board ${quoted(board)}` : ''}`,
      invitation_revoked: ({ role, email, board }: Told) =>
        `revoked the invitation of ${email || 'a link'} as ${roleOf(role)}${board ? ` to the board ${quoted(board)}` : ''}`,
      invitation_accepted: ({ role, board }: Told) =>
        `accepted an invitation as ${roleOf(role)}${board ? ` to the board ${quoted(board)}` : ''}`,
    },
    other: 'did something that this page does not know yet',
  },

  settings: {
    title: 'Settings',
    rename: 'Rename',
    renamed: 'Renamed',
    delete: 'Delete this workspace',
    deleteHint: 'Only an empty one can be deleted: without boards and bots. It does not come back.',
    typeName: (name: string) => `Type “${name}” to delete it`,
    deleted: (name: string) => `Workspace “${name}” deleted`,
    notEmpty: 'There are still boards or bots in it, perhaps boards that you are not in. Delete them first.',
  },

  /** What was refused, where nothing closer is known. */
  fields: {
    name: 'A name has 1 to 100 characters.',
    email: 'This is not an e-mail address.',
    max_uses: 'Between 1 and 1,000 people.',
  } as Record<string, string>,
}

/** What the log tells of an entry. */
export interface Told {
  readonly name: string
  readonly role: string
  readonly was: string
  readonly email: string
  readonly workspace: string
  readonly token: string
  /** The board that it is about, as far as its name is known. */
  readonly board: string
  /** They did it to themselves. */
  readonly self: boolean
}

function quoted(name: string): string {
  return `“${name}”`
}
