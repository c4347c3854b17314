/** Every word the client says, in German: the same shape as en.ts, held to it by the types and a test. */

import { onBoard } from './de.board'
import { door, session } from './de.door'
import { edits, rejected } from './de.edits'
import { people } from './de.people'
import { sheet } from './de.sheet'
import { views } from './de.views'
import type { Strings } from './en'
import { workspace } from './de.workspace'
import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('de', count, { one, other })

export const de: Strings = {
  product: 'Lockstep',
  skip: 'Zum Board springen',
  close: 'Schließen',
  cancel: 'Abbrechen',
  save: 'Speichern',
  add: 'Hinzufügen',
  remove: 'Entfernen',
  undo: 'Rückgängig',
  dismiss: 'Ausblenden',
  copy: 'Text kopieren',
  copied: 'Kopiert',
  more: 'Mehr',
  you: 'du',
  somebody: 'Jemand',

  session,

  door,

  offline: {
    leaveTitle: 'Abmelden und Änderungen verlieren?',
    unsent: (count: number) =>
      n(
        count,
        '1 Änderung ist noch nicht beim Server. Wer sich hier abmeldet, verwirft sie.',
        `${count} Änderungen sind noch nicht beim Server. Wer sich hier abmeldet, verwirft sie.`,
      ),
    leave: 'Verwerfen und abmelden',
    newBuild: 'Eine neue Version ist da.',
    takeBuild: 'Neu laden',
    unkept: 'Dieser Browser behält nichts für später. Verlass die Seite erst, wenn alles gespeichert ist.',
  },

  theme: { title: 'Aussehen', system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },

  language: { title: 'Sprache', browser: 'Wie der Browser' },

  errors: {
    offline: 'Der Server ist nicht zu erreichen. Prüfe die Verbindung und versuche es noch einmal.',
    unknown: 'Auf dem Server ging etwas schief. Versuche es gleich noch einmal.',
    notFound: 'Hier ist nichts',
    notFoundHint: 'Das Board wurde gelöscht, oder du gehörst nicht dazu.',
    unknownAddress: 'Diese Adresse führt nirgendwohin.',
    toProjects: 'Zu deinen Boards',
    retry: 'Noch einmal',
    wait: (when) => `Zu viele Versuche. Versuche es ${when} wieder.`,
    busy: (when) => `Der Server ist ausgelastet. Versuche es ${when} wieder.`,
    codes: {
      forbidden: 'Deine Rolle erlaubt das nicht mehr.',
      not_found: 'Das gibt es nicht mehr.',
      conflict: 'Es wurde inzwischen geändert. Sieh nach und wiederhole es.',
      invalid: 'Der Server hat es nicht angenommen.',
      limit: 'Mehr dürfen es nicht sein. Entferne erst welche.',
      body_too_large: 'Das ist zu groß.',
      body_too_slow: 'Die Verbindung ist zu langsam. Versuche es noch einmal.',
      token_invalid: 'Du wurdest abgemeldet. Melde dich an und wiederhole es.',
      token_expired: 'Du wurdest abgemeldet. Melde dich an und wiederhole es.',
    },
  },

  projects: {
    title: 'Boards',
    create: 'Neues Board',
    name: 'Name des Boards',
    empty: 'Noch keine Boards',
    emptyHint: 'Ein Board hat Spalten und Karten. Leg eins an und hol dann andere per E-Mail dazu.',
    roles: { admin: 'Verwalten', editor: 'Bearbeiten', commenter: 'Kommentieren', viewer: 'Ansehen' },
    open: (name: string) => `${name} öffnen`,
  },

  connection: {
    live: 'Live',
    polled: 'Live, ein paar Sekunden später',
    polledHint: 'Dieses Netz sperrt die direkte Verbindung, darum wird der Server alle paar Sekunden gefragt.',
    connecting: 'Verbindet',
    catchingUp: 'Holt auf',
    offline: 'Offline',
    waiting: (count: number) => n(count, '1 Änderung wartet', `${count} Änderungen warten`),
    saved: 'Alle Änderungen sind gespeichert',
    saving: 'Speichert',
    ended: 'Diese Seite ist nicht mehr verbunden. Lade sie neu, um weiterzumachen; was wartet, bleibt erhalten.',
    reload: 'Neu laden',
    offlineHint: 'Du kannst weiterarbeiten; Änderungen bleiben erhalten und gehen los, sobald die Verbindung da ist.',
  },

  presence: {
    here: (count: number) => n(count, '1 Person hier', `${count} Personen hier`),
    on: (name: string) => `${name} ist auf dieser Karte`,
    typing: (name: string) => `${name} schreibt`,
    more: (count: number) => `und ${count} weitere`,
  },

  board: {
    label: (name: string) => `Board ${name}`,
    rename: 'Name des Boards',
    people: 'Personen',
    loading: 'Das Board wird geladen',
    failed: 'Das Board konnte nicht geladen werden',
    noColumns: 'Dieses Board hat keine Spalten',
    noColumnsHint: 'Leg eine für Karten an.',
  },

  column: {
    add: 'Spalte hinzufügen',
    name: 'Name der Spalte',
    count: (count: number) => n(count, '1 Karte', `${count} Karten`),
    wip: (count: number, limit: number) => `${count} von höchstens ${limit} Karten`,
    over: 'über der Grenze',
    actions: (name: string) => `Aktionen für Spalte ${name}`,
    rename: 'Umbenennen',
    moveLeft: 'Nach links',
    moveRight: 'Nach rechts',
    limit: 'Höchstzahl der Karten',
    noLimit: 'Keine Grenze',
    category: 'Was Karten hier sind',
    categories: { backlog: 'Vorrat', todo: 'Zu tun', in_progress: 'In Arbeit', completed: 'Erledigt' },
    delete: 'Spalte löschen',
    deleteTitle: (name: string) => `„${name}“ löschen?`,
    deleteMove: (count: number) => n(count, 'Ihre Karte verschieben nach', `Ihre ${count} Karten verschieben nach`),
    onlyOne: 'Sie enthält Karten, und keine andere Spalte kann sie aufnehmen. Leg erst eine Spalte an.',
    deleted: (name: string) => `Spalte „${name}“ gelöscht`,
    empty: 'Leg eine Karte an, oder zieh eine hierher',
    emptyReadOnly: 'Keine Karten',
  },

  card: {
    add: 'Karte hinzufügen',
    addTop: (name: string) => `Karte oben in ${name} hinzufügen`,
    title: 'Titel der Karte',
    placeholder: 'Was ist zu tun?',
    actions: (title: string) => `Aktionen für ${title}`,
    open: 'Öffnen',
    rename: 'Umbenennen',
    moveTo: 'Verschieben nach',
    top: 'Ganz oben',
    bottom: 'Ganz unten',
    up: 'Nach oben',
    down: 'Nach unten',
    copyLink: 'Link kopieren',
    linkCopied: 'Link kopiert',
    delete: 'Löschen',
    deleted: (title: string) => `„${title}“ gelöscht`,
    restored: (title: string) => `„${title}“ wiederhergestellt`,
    checklist: (done: number, total: number) => `Checkliste: ${done} von ${total} erledigt`,
    described: 'Hat eine Beschreibung',
    comments: (count: number) => n(count, '1 Kommentar', `${count} Kommentare`),
    files: (count: number) => n(count, '1 Datei', `${count} Dateien`),
    description: 'Hat eine Beschreibung',
    assigned: (names: string) => `Zugewiesen an ${names}`,
    done: 'Erledigt',
    movedHere: (title: string, column: string, place: number, count: number) =>
      `${title} ist jetzt in ${column}, ${place} von ${count}`,
  },

  task: {
    close: 'Karte schließen',
    number: (number: number) => `#${number}`,
    column: 'Spalte',
    priority: 'Priorität',
    due: 'Fällig',
    start: 'Beginn',
    labels: 'Labels',
    assignees: 'Zugewiesen',
    none: 'Keine',
    description: 'Beschreibung',
    describe: 'Beschreibung hinzufügen',
    checklist: 'Checkliste',
    addItem: 'Punkt hinzufügen',
    itemText: 'Text des Punktes',
    itemUp: (text: string) => `„${text}“ nach oben`,
    itemDown: (text: string) => `„${text}“ nach unten`,
    itemDelete: (text: string) => `„${text}“ löschen`,
    itemDeleted: 'Punkt gelöscht',
    comments: 'Kommentare',
    comment: 'Kommentar schreiben',
    send: 'Kommentieren',
    edit: 'Bearbeiten',
    edited: 'bearbeitet',
    commentDeleted: 'Kommentar gelöscht',
    created: (who: string) => `Angelegt von ${who}`,
    createdPlain: 'Angelegt',
    updated: 'Geändert',
    completed: 'Erledigt',
    loading: 'Die Karte wird geladen',
    loadFailed: 'Der Rest dieser Karte konnte nicht geladen werden.',
    gone: 'Diese Karte wurde gelöscht',
    restore: 'Karte wiederherstellen',
    goneHint: 'Jemand hat sie gelöscht, während sie offen war, oder der Link ist alt.',
    conflict: (who: string) =>
      `${who} hat dieselbe Stelle dieser Beschreibung geändert, während du geschrieben hast. Beide Texte sind erhalten.`,
    theirs: 'Fremder Text',
    yours: 'Dein Text',
    keepMine: 'Meinen behalten',
    takeTheirs: 'Fremden nehmen',
    keepBoth: 'Beide in den Text',
  },

  sheet,

  priority: {
    names: { urgent: 'Dringend', high: 'Hoch', medium: 'Mittel', low: 'Niedrig' },
    label: (name: string) => `Priorität: ${name}`,
  },

  due: {
    date: 'Datum',
    time: 'Uhrzeit',
    addTime: 'Uhrzeit (wenn gewünscht)',
    today: 'Heute',
    tomorrow: 'Morgen',
    yesterday: 'Gestern',
    nextWeek: 'In einer Woche',
    clear: 'Entfernen',
    past: 'Dieses Datum ist vorbei: Die Karte gilt als überfällig, und niemand wird erinnert.',
    late: 'überfällig',
    label: (when: string) => `Fällig ${when}`,
    startLabel: (when: string) => `Beginnt ${when}`,
    afterDue: 'Der Beginn liegt nach der Fälligkeit.',
  },

  label: {
    find: 'Label suchen oder anlegen',
    create: (name: string) => `„${name}“ anlegen`,
    edit: (name: string) => `Label ${name} bearbeiten`,
    name: 'Name',
    color: 'Farbe',
    delete: 'Label löschen',
    deleted: (name: string) => `Label „${name}“ gelöscht`,
    back: 'Zurück zu den Labels',
    none: 'Noch keine Labels auf diesem Board',
    colors: {
      red: 'Rot',
      orange: 'Orange',
      yellow: 'Gelb',
      green: 'Grün',
      teal: 'Türkis',
      blue: 'Blau',
      purple: 'Violett',
      pink: 'Rosa',
      gray: 'Grau',
    },
  },

  people,

  edits,

  rejected,

  onBoard,

  views,

  workspace,

  live: {
    created: (who: string, title: string, column: string) => `${who} hat ${title} in ${column} angelegt`,
    moved: (who: string, title: string, column: string) => `${who} hat ${title} nach ${column} verschoben`,
    renamed: (who: string, title: string) => `${who} hat eine Karte in ${title} umbenannt`,
    deleted: (who: string) => `${who} hat eine Karte gelöscht`,
    commented: (who: string, title: string) => `${who} hat ${title} kommentiert`,
    many: (who: string, count: number) =>
      n(count, `${who} hat 1 Karte geändert`, `${who} hat ${count} Karten geändert`),
  },
}
