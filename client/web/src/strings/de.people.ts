/** Wörter zu den Personen eines Boards und zu Einladungen in Boards und Arbeitsbereiche. Teil von de.ts. */

import type { Strings } from './en'
import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('de', count, { one, other })

const invitations: Strings['people']['invitations'] = {
  title: 'Einladungen',
  by: 'Wie',
  byLink: 'Mit Link',
  byEmail: 'Per E-Mail',
  linkHint: 'Wer den Link hat, kommt hinein, bis er verbraucht oder abgelaufen ist.',
  emailHint: 'Nur wer diese Adresse hat, kommt hinein, einmal.',
  email: 'E-Mail-Adresse für die Einladung',
  role: 'Rolle, die sie bekommen',
  uses: 'Für wie viele Personen',
  lasts: 'Gilt',
  days: (days) => n(days, '1 Tag', `${days} Tage`),
  makeLink: 'Link erstellen',
  makeEmail: 'Einladen',
  madeLink: 'Link der Einladung',
  once: 'Er wird nur dieses eine Mal gezeigt. Kopiere ihn jetzt.',
  mailed: (email) => `${email} bekommt diesen Link auch per E-Mail.`,
  notMailed: (email) => `Von hier geht keine E-Mail ab: Gib den Link selbst an ${email} weiter.`,
  copy: 'Link kopieren',
  open: 'Offene Einladungen',
  anybody: 'Alle mit dem Link',
  used: (used, most) => `${used} von ${most} verwendet`,
  until: (when) => `bis ${when}`,
  revoke: (whose) => `Einladung für ${whose} zurückziehen`,
  revokeShort: 'Zurückziehen',
  revoked: 'Einladung zurückgezogen',
}

export const people: Strings['people'] = {
  title: 'Personen auf diesem Board',
  add: 'Jemanden per E-Mail dazuholen',
  email: 'E-Mail-Adresse',
  role: 'Rolle',
  roleOf: (name) => `Rolle von ${name}`,
  unknown: (email) => `Mit der E-Mail ${email} hat hier niemand ein Konto.`,
  inviteThem: 'Stattdessen einladen',
  added: (name) => `${name} ist jetzt dabei`,
  already: (name) => `${name} ist schon auf diesem Board.`,
  fromWorkspace: 'Aus dem Arbeitsbereich dazuholen',
  imported: 'Importiert, ohne Konto',
  former: 'Nicht mehr auf diesem Board',
  bot: 'Bot',
  botNamed: (name) => `${name} (Bot)`,
  remove: (name) => `${name} entfernen`,
  leave: 'Dieses Board verlassen',
  leaveShort: 'Verlassen',
  left: (board) => `Du hast „${board}“ verlassen`,
  transfer: (name) => `Das Board an ${name} übergeben`,
  transferShort: 'Übergeben',
  transferHint: (name) => `${name} verwaltet es dann, du bearbeitest nur noch.`,
  lastAdmin: 'Jemand muss das Board verwalten. Gib die Rolle erst einer anderen Person.',
  others: 'Auf Karten genannt, ohne Zugang',
  find: 'Person suchen',
  visibility: 'Wer dieses Board findet',
  visibilities: {
    private: 'Nur wer dazugeholt oder eingeladen wird',
    workspace: 'Alle im Arbeitsbereich können beitreten',
  },
  roleHints: {
    admin: 'Alles, auch Personen',
    editor: 'Bearbeitet Karten und Spalten',
    commenter: 'Liest und kommentiert',
    viewer: 'Liest',
  },
  demoted: {
    title: 'Deine Rolle hat sich geändert',
    viewer: 'Du kannst ansehen, nicht bearbeiten.',
    commenter: 'Du kannst ansehen und kommentieren, nicht bearbeiten.',
  },
  gone: {
    removed: 'Du bist nicht mehr auf diesem Board',
    removedHint: (who) => `${who} hat dich herausgenommen. Was dieser Browser vom Board behalten hatte, ist gelöscht.`,
    deleted: 'Dieses Board wurde gelöscht',
    deletedHint: (who) =>
      `${who} hat es gelöscht; wer es verwaltet, kann es 30 Tage lang wiederherstellen. Was dieser Browser davon behalten hatte, ist gelöscht.`,
  },
  invitations,
}
