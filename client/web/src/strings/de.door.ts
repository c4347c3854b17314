/** Wörter vor der Tür: anmelden, Konto anlegen, vergessene Passwörter, Links per Mail, Einladungen. Teil von de.ts. */

import type { Strings } from './en'

export const session: Strings['session'] = {
  signIn: 'Anmelden',
  signUp: 'Konto anlegen',
  signOut: 'Abmelden',
  settings: 'Einstellungen',
  email: 'E-Mail',
  password: 'Passwort',
  name: 'Dein Name',
  toRegister: 'Neu hier?',
  toLogin: 'Schon ein Konto?',
  wrong: 'E-Mail oder Passwort stimmt nicht.',
  taken: 'Mit dieser E-Mail gibt es schon ein Konto.',
  account: (name: string) => `Konto von ${name}`,
  ended: 'Du wurdest abgemeldet. Melde dich an, um weiterzumachen, wo du warst.',
}

export const door: Strings['door'] = {
  showTyped: 'Zeigen, was du tippst',
  passwordHint:
    'Mindestens 10 Zeichen. Gut sind ein paar Wörter, die nicht zusammengehören; was viele wählen, wird abgelehnt.',
  forgot: 'Passwort vergessen?',
  toSignIn: 'Zur Anmeldung',
  continueWith: (provider) => `Weiter mit ${provider}`,
  or: 'oder',
  fields: {
    email: 'Das ist keine E-Mail-Adresse.',
    name: 'Sag, wie andere dich nennen sollen, mit höchstens 100 Zeichen.',
    password: 'Dieses Passwort ist zu leicht zu erraten. Wähle ein längeres oder selteneres, ohne Namen und Adresse.',
    code: 'Dieser Code stimmt nicht oder wurde schon benutzt.',
  },
  short: (missing) => (missing === 1 ? 'Noch ein Zeichen: mindestens 10.' : `Noch ${missing} Zeichen: mindestens 10.`),
  noPassword: 'Gib dein Passwort ein.',
  long: 'Höchstens 1.000 Zeichen.',

  second: {
    title: 'Zweiter Schritt',
    app: 'Deine Authenticator-App zeigt für Lockstep einen Code aus 6 Ziffern.',
    code: 'Code',
    recovery: 'Wiederherstellungscode',
    recoveryHint: 'Einer von denen, die du aufgehoben hast. Jeder gilt einmal.',
    useRecovery: 'Wiederherstellungscode verwenden',
    useApp: 'Authenticator verwenden',
    back: 'Als jemand anderes anmelden',
  },

  newcomers: {
    closed: 'Keine neuen Konten',
    closedHint: 'Hier werden keine Konten angelegt. Frag, wer diesen Server betreibt.',
    invitation: 'Nur mit Einladung',
    invitationHint: 'Mit einer Einladung legst du über deren Link ein Konto an. Frag jemanden, der schon hier ist.',
  },

  forgotten: {
    title: 'Neues Passwort wählen',
    hint: 'Wir schicken dir einen Link, mit dem du ein neues wählst.',
    send: 'Link schicken',
    sentTitle: 'Sieh in deine Mail',
    sent: (email) =>
      `Wenn es ein Konto mit ${email} gibt, ist ein Link unterwegs. Er gilt einmal und 30 Minuten lang. Kommt nichts, sieh im Spam nach.`,
    noMail: 'Dieser Server verschickt keine Mail. Wer ihn betreibt, findet den Link in dessen Mail-Ordner.',
    again: 'Noch einmal schicken',
    over: 'Dieser Link gilt nicht mehr',
    overHint:
      'Er wurde schon benutzt, ist älter als 30 Minuten, oder es gibt einen neueren. Lass dir einen neuen schicken.',
    new: 'Neues Passwort',
    save: 'Passwort speichern',
    done: 'Dein Passwort ist geändert. Melde dich damit an.',
  },

  verify: {
    checking: 'Deine Adresse wird bestätigt',
    done: 'Adresse bestätigt',
    doneHint: (email) => `${email} gehört dir.`,
    over: 'Dieser Link gilt nicht mehr',
    overHint: 'Er wurde schon benutzt, ist älter als ein Tag, oder es gibt einen neueren.',
    signInFirst: 'Melde dich an, dann kannst du dir einen neuen schicken lassen.',
    taken: 'Diese Adresse hat inzwischen jemand anderes. Dein Konto behält die bisherige.',
    toBoards: 'Zu deinen Boards',
    ask: (email) => `Bestätige deine Adresse: Ein Link ist in der Mail an ${email}.`,
    again: 'Noch einmal schicken',
    sent: (email) => `Ein neuer Link ist unterwegs an ${email}.`,
    later: 'Später',
  },

  invitation: {
    looking: 'Die Einladung wird angesehen',
    title: (place) => `Du bist zu „${place}“ eingeladen`,
    project: (by, role) => `${by} lädt dich auf dieses Board ein, als ${role}.`,
    workspace: (by, role) => `${by} lädt dich in diesen Arbeitsbereich ein, als ${role}.`,
    roles: {
      admin: 'Admin',
      member: 'Mitglied',
      guest: 'Gast',
      editor: 'Bearbeiter',
      commenter: 'Kommentator',
      viewer: 'Betrachter',
    },
    until: (when) => `Sie gilt bis ${when}.`,
    accept: 'Einladung annehmen',
    asUser: (name, email) => `Du bist als ${name} (${email}) angemeldet.`,
    signUp: 'Konto anlegen und annehmen',
    signIn: 'Anmelden und annehmen',
    otherAccount: 'Anderes Konto verwenden',
    reminder: (by, place) => `${by} lädt dich zu „${place}“ ein. Du bist dabei, sobald du angemeldet bist.`,
    over: 'Diese Einladung gilt nicht mehr',
    overHint: 'Sie ist abgelaufen, aufgebraucht oder zurückgenommen. Bitte um eine neue.',
    memberHint: 'Wenn du sie schon angenommen hast, melde dich an: Du bist dabei.',
    others: 'Diese Einladung ist für jemand anderen',
    othersHint: (email, mine) => `Sie ging an ${email}; du bist als ${mine} angemeldet.`,
    othersField: 'Die Einladung ist für eine andere Adresse.',
    entered: (place) => `Du bist jetzt in „${place}“`,
    without: 'Ohne sie weitermachen',
  },

  provider: {
    provider_unreachable: 'Der Anbieter antwortet nicht. Versuch es noch einmal, oder melde dich mit E-Mail an.',
    provider_refused: 'Der Anbieter hat dich nicht angemeldet. Nichts hat sich geändert; versuch es noch einmal.',
    provider_state: 'Das hat zu lange gedauert oder begann in einem anderen Browser. Versuch es noch einmal.',
    provider_token: 'Was der Anbieter sagt, ist nicht glaubhaft. Sag es denen, die diesen Server betreiben.',
    email_unverified:
      'Der Anbieter hat deine E-Mail-Adresse nicht geprüft. Bestätige sie dort, dann versuch es wieder.',
    registration_closed:
      'Mit deiner Adresse gibt es hier kein Konto, und neue gibt es nur mit Einladung oder gar nicht.',
    invitation_over: 'Deine Einladung ist abgelaufen, aufgebraucht oder zurückgenommen. Bitte um eine neue.',
    invitation_address: 'Deine Einladung ist für eine andere Adresse als die, die der Anbieter kennt.',
  },
  providerFailed: 'Die Anmeldung über den Anbieter ging schief. Versuch es noch einmal.',
}
