/** Words in front of the door: signing in and up, forgotten passwords, links by mail, invitations. Part of en.ts. */

export const session = {
  signIn: 'Sign in',
  signUp: 'Create account',
  signOut: 'Sign out',
  settings: 'Settings',
  email: 'E-mail',
  password: 'Password',
  name: 'Your name',
  toRegister: 'New here?',
  toLogin: 'Have an account?',
  wrong: 'E-mail or password is not right.',
  taken: 'There is an account with this e-mail already.',
  account: (name: string) => `Account of ${name}`,
  ended: 'You were signed out. Sign in to go on where you were.',
}

export const door = {
  showTyped: 'Show what you type',
  passwordHint:
    'At least 10 characters. A few words that do not belong together are good; what many people choose is refused.',
  forgot: 'Forgot your password?',
  toSignIn: 'To the sign-in page',
  continueWith: (provider: string) => `Continue with ${provider}`,
  or: 'or',
  fields: {
    email: 'This is no e-mail address.',
    name: 'Say what others shall call you, in up to 100 characters.',
    password: 'This password is too easy to guess. Choose a longer or a less common one, without your name or address.',
    code: 'This code is not right, or was used already.',
  },
  short: (missing: number) =>
    missing === 1 ? 'One more character: at least 10.' : `${missing} more characters: at least 10.`,
  noPassword: 'Type your password.',
  long: 'At most 1,000 characters.',

  second: {
    title: 'Second step',
    app: 'Your authenticator shows a code of 6 digits for Lockstep.',
    code: 'Code',
    recovery: 'Recovery code',
    recoveryHint: 'One of those that you kept. Each works once.',
    useRecovery: 'Use a recovery code',
    useApp: 'Use the authenticator',
    back: 'Sign in as somebody else',
  },

  newcomers: {
    closed: 'No new accounts',
    closedHint: 'Accounts are not made here. Ask whoever runs this server.',
    invitation: 'By invitation only',
    invitationHint: 'Whoever has an invitation makes an account by its link. Ask somebody who is here already for one.',
  },

  forgotten: {
    title: 'Choose a new password',
    hint: 'We send you a link to choose a new one.',
    send: 'Send the link',
    sentTitle: 'Look into your mail',
    sent: (email: string) =>
      `If there is an account with ${email}, a link is on its way. It works once, for 30 minutes. If nothing comes, look among the spam.`,
    noMail: 'This server sends no mail. Whoever runs it finds the link in its folder of mail.',
    again: 'Send it again',
    over: 'This link works no more',
    overHint: 'It was used already, is older than 30 minutes, or there is a later one. Ask for another.',
    new: 'New password',
    save: 'Save the password',
    done: 'Your password is changed. Sign in with it.',
  },

  verify: {
    checking: 'Confirming your address',
    done: 'Address confirmed',
    doneHint: (email: string) => `${email} is yours.`,
    over: 'This link works no more',
    overHint: 'It was used already, is older than a day, or there is a later one.',
    signInFirst: 'Sign in, and you can have another sent.',
    taken: 'Somebody else has this address by now. Your account keeps the one that it had.',
    toBoards: 'To your boards',
    ask: (email: string) => `Confirm your address: a link is in the mail to ${email}.`,
    again: 'Send it again',
    sent: (email: string) => `Another link is on its way to ${email}.`,
    later: 'Later',
  },

  invitation: {
    looking: 'Looking at the invitation',
    title: (place: string) => `You are invited to “${place}”`,
    project: (by: string, role: string) => `${by} invites you to this board, as ${role}.`,
    workspace: (by: string, role: string) => `${by} invites you to this workspace, as ${role}.`,
    roles: {
      admin: 'admin',
      member: 'member',
      guest: 'guest',
      editor: 'editor',
      commenter: 'commenter',
      viewer: 'viewer',
    },
    until: (when: string) => `It is good until ${when}.`,
    accept: 'Accept the invitation',
    asUser: (name: string, email: string) => `You are signed in as ${name} (${email}).`,
    signUp: 'Create account and accept',
    signIn: 'Sign in and accept',
    otherAccount: 'Use another account',
    reminder: (by: string, place: string) =>
      `${by} invites you to “${place}”. You come in as soon as you are signed in.`,
    over: 'This invitation is over',
    overHint: 'It has expired, was used up or was taken back. Ask whoever sent it for another.',
    memberHint: 'If you have accepted it already, sign in: you are in.',
    others: 'This invitation is for somebody else',
    othersHint: (email: string, mine: string) => `It was sent to ${email}; you are signed in as ${mine}.`,
    othersField: 'The invitation is for another address.',
    entered: (place: string) => `You are in “${place}” now`,
    without: 'Go on without it',
  },

  /** What a provider's refusal means, by its code. */
  provider: {
    provider_unreachable: 'The provider does not answer. Try again, or sign in by e-mail.',
    provider_refused: 'The provider did not sign you in. Nothing has changed; try again.',
    provider_state: 'That took too long, or was begun in another browser. Try again.',
    provider_token: 'What the provider said cannot be believed. Tell whoever runs this server.',
    email_unverified: 'The provider has not verified your e-mail address. Confirm it there, then try again.',
    registration_closed:
      'Nobody with your address has an account here, and new ones are made by invitation or not at all.',
    invitation_over: 'Your invitation has expired, was used up or was taken back. Ask for another.',
    invitation_address: 'Your invitation is for another address than the one that the provider knows.',
  } as Readonly<Record<string, string>>,
  providerFailed: 'Signing in by the provider did not work. Try again.',
}
