/** Wörter zu Arbeitsbereichen: wer darin ist, ihre Bots, ihr Protokoll, ihr Ende. Teil von de.ts. */

import type { Strings } from './en'
import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('de', count, { one, other })

const roles = { owner: 'Besitz', admin: 'Verwalten', member: 'Mitglied', guest: 'Gast' }

/** Eines Arbeitsbereichs oder eines Boards. */
const roleOf = (role: string) =>
  (({ ...roles, editor: 'Bearbeiten', commenter: 'Kommentieren', viewer: 'Ansehen' }) as Record<string, string>)[
    role
  ] ?? role

export const workspace: Strings['workspace'] = {
  title: 'Arbeitsbereich',
  create: 'Neuer Arbeitsbereich',
  name: 'Name des Arbeitsbereichs',
  choose: 'Arbeitsbereich',
  visibility: 'Wer es findet',
  open: (name) => `Arbeitsbereich ${name}`,
  shared: 'Mit dir geteilt',
  sharedHint: 'Boards aus Arbeitsbereichen, in denen du nicht bist.',
  noBoards: 'Noch keine Boards.',
  joinable: 'Du kannst beitreten',
  join: 'Beitreten',
  joinOne: (name) => `${name} beitreten`,
  private: 'Nur wer darauf ist, findet es',
  gone: 'Diesen Arbeitsbereich gibt es nicht mehr, oder du bist nicht mehr darin.',
  loading: 'Der Arbeitsbereich wird geladen',
  parts: { people: 'Personen', bots: 'Bots', log: 'Protokoll', settings: 'Einstellungen' },

  roles,
  roleHints: {
    owner: 'Alles, auch wer besitzt und das Ende des Arbeitsbereichs',
    admin: 'Personen, Bots und alle Boards',
    member: 'Legt Boards an, tritt offenen bei',
    guest: 'Nur Boards, auf die sie geholt werden',
  },

  people: {
    title: 'Personen',
    guest: 'Gäste sehen nicht, wer sonst in einem Arbeitsbereich ist.',
    since: 'Dabei seit',
    remove: (name) => `${name} entfernen`,
    removeHint: (name) => `${name} verlässt diesen Arbeitsbereich und alle seine Boards.`,
    removed: (name) => `${name} wurde entfernt`,
    leave: 'Diesen Arbeitsbereich verlassen',
    leaveHint: 'Du verlässt auch alle seine Boards.',
    leaveShort: 'Verlassen',
    left: (name) => `Du hast „${name}“ verlassen`,
    transfer: (name) => `${name} den Besitz übergeben`,
    transferShort: 'Besitz übergeben',
    transferHint: (name) => `Der Arbeitsbereich gehört dann ${name}, und du verwaltest ihn weiter mit.`,
    transferred: (name) => `Der Arbeitsbereich gehört jetzt ${name}`,
    lastOwner: 'Jemand muss den Arbeitsbereich besitzen. Gib den Besitz erst einer anderen Person.',
    ledBoards: (boards) =>
      `Nur du verwaltest ${boards.map((each) => `„${each}“`).join(', ')}. Gib die Rolle dort erst einer anderen Person.`,
  },

  bots: {
    title: 'Bots',
    hint: 'Programme, die unter eigenem Namen handeln. Sie melden sich mit Tokens an und werden wie Personen auf Boards geholt.',
    none: 'Noch keine Bots.',
    name: 'Name des Bots',
    create: 'Neuer Bot',
    remove: (name) => `${name} entfernen`,
    removeHint: (name) => `${name} verlässt alle Boards, und seine Tokens enden sofort.`,
    tokens: (name) => `Tokens von ${name}`,
    noTokens: 'Noch keine Tokens. Ohne kann er sich nicht anmelden.',
    tokenName: 'Name des Tokens',
    scope: 'Was es darf',
    scopes: {
      read: 'Lesen',
      write: 'Lesen und bearbeiten',
      admin: 'Alles, was seine Rolle auf einem Board erlaubt',
    },
    expires: 'Gilt',
    forever: 'Unbefristet',
    days: (days) => n(days, '1 Tag', `${days} Tage`),
    createToken: 'Neues Token',
    made: (name) => `Token von ${name}`,
    once: 'Es wird nur dieses eine Mal gezeigt. Kopiere es jetzt.',
    copy: 'Token kopieren',
    revoke: (name) => `${name} zurückziehen`,
    revokeShort: 'Zurückziehen',
    revokeHint: 'Programme, die es verwenden, sind sofort ausgesperrt.',
    used: 'Zuletzt verwendet',
    unused: 'Nie verwendet',
    until: (when) => `bis ${when}`,
  },

  log: {
    title: 'Protokoll',
    hint: 'Wer wessen Zugang geändert hat. Rollen auf einem Board stehen in dessen eigenem Verlauf.',
    none: 'Noch ist nichts geschehen.',
    older: 'Ältere Einträge zeigen',
    loading: 'Ältere Einträge werden geladen',
    somebody: 'ein früheres Mitglied',
    events: {
      signed_in: () => 'hat sich angemeldet',
      sign_in_failed: () => 'konnte sich nicht anmelden',
      sign_ins_ended: () => 'hat andere Browser abgemeldet',
      password_changed: () => 'hat das Passwort geändert',
      password_reset: () => 'hat über einen Link per E-Mail ein neues Passwort gewählt',
      email_changed: () => 'hat die E-Mail-Adresse geändert',
      second_factor_switched_on: () => 'hat den zweiten Faktor eingeschaltet',
      second_factor_switched_off: () => 'hat den zweiten Faktor ausgeschaltet',
      recovery_codes_renewed: () => 'hat neue Wiederherstellungscodes erzeugt',
      data_downloaded: () => 'hat alle eigenen Daten heruntergeladen',
      account_deleted: () => 'hat das Konto gelöscht',
      token_created: ({ token }) => `hat das Token ${quoted(token)} erstellt`,
      token_revoked: ({ token }) => `hat das Token ${quoted(token)} zurückgezogen`,
      calendar_feed_created: () => 'hat einen Kalender zum Abonnieren erstellt',
      calendar_feed_revoked: () => 'hat einen Kalender zum Abonnieren widerrufen',
      workspace_created: () => 'hat den Arbeitsbereich angelegt',
      workspace_renamed: ({ workspace }) => `hat den Arbeitsbereich in ${quoted(workspace)} umbenannt`,
      workspace_deleted: () => 'hat den Arbeitsbereich gelöscht',
      workspace_transferred: ({ name }) => `hat ${name} den Besitz übergeben`,
      workspace_role_changed: ({ name, was, role }) =>
        `hat die Rolle von ${name} von ${roleOf(was)} zu ${roleOf(role)} geändert`,
      workspace_member_joined: ({ role }) => `ist mit der Rolle ${roleOf(role)} dazugekommen`,
      workspace_member_removed: ({ name, self }) =>
        self ? 'hat den Arbeitsbereich verlassen' : `hat ${name} entfernt`,
      bot_created: ({ name }) => `hat den Bot ${name} angelegt`,
      invitation_created: ({ role, email, board }) =>
        `hat ${email || 'mit einem Link'} eingeladen, Rolle ${roleOf(role)}${board ? `, auf das Board ${quoted(board)}` : ''}`,
      invitation_revoked: ({ role, email, board }) =>
        `hat die Einladung ${email ? `von ${email}` : 'eines Links'} zurückgezogen, Rolle ${roleOf(role)}${board ? `, auf das Board ${quoted(board)}` : ''}`,
      invitation_accepted: ({ role, board }) =>
        `hat eine Einladung angenommen, Rolle ${roleOf(role)}${board ? `, auf das Board ${quoted(board)}` : ''}`,
    },
    other: 'hat etwas getan, das diese Seite noch nicht kennt',
  },

  settings: {
    title: 'Einstellungen',
    rename: 'Umbenennen',
    renamed: 'Umbenannt',
    delete: 'Diesen Arbeitsbereich löschen',
    deleteHint: 'Nur ein leerer kann gelöscht werden: ohne Boards und Bots. Er kommt nicht zurück.',
    typeName: (name) => `Zum Löschen „${name}“ eintippen`,
    deleted: (name) => `Arbeitsbereich „${name}“ gelöscht`,
    notEmpty: 'Es sind noch Boards oder Bots darin, vielleicht Boards, auf denen du nicht bist. Lösche sie zuerst.',
  },

  fields: {
    name: 'Ein Name hat 1 bis 100 Zeichen.',
    email: 'Das ist keine E-Mail-Adresse.',
    max_uses: 'Zwischen 1 und 1.000 Personen.',
  },
}

function quoted(name: string): string {
  return `„${name}“`
}
