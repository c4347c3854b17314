/** The words of an open card, in German. Part of de.ts. */

import type { Strings } from './en'

const names = new Intl.ListFormat('de')
const count = new Intl.NumberFormat('de')

const amount = new Intl.NumberFormat('de', { maximumFractionDigits: 1 })
const size = (bytes: number) =>
  bytes < 1e6 ? `${count.format(Math.ceil(bytes / 1e3))} KB` : `${amount.format(bytes / 1e6)} MB`

export const sheet: Strings['sheet'] = {
  files: {
    title: 'Dateien',
    add: 'Dateien hinzufügen',
    choose: 'Dateien auswählen',
    hint: 'Oder hierher ziehen, oder ein Bild einfügen',
    coming: (left, name) => (left === 1 ? `„${name}“ wird hochgeladen …` : `${left} Dateien werden hochgeladen …`),
    facts: (bytes, version, who) =>
      [size(bytes), ...(version > 1 ? [`Version ${version}`] : []), ...(who ? [who] : [])].join(' · '),
    show: (name) => `„${name}“ ansehen`,
    opening: 'Wird geöffnet …',
    keep: (name) => `„${name}“ herunterladen`,
    remove: (name) => `„${name}“ löschen`,
    removed: (name) => `„${name}“ gelöscht`,
  },
  old: 'Diese Texte sind von deinem letzten Besuch. Sie werden aufgefrischt, sobald der Server zu erreichen ist.',
  unloaded: 'Diese Karte konnte nicht geöffnet werden.',
  unloadedHint: 'Ein Teil des Programms kam nicht an. Deine Änderungen sind aufgehoben.',
  reload: 'Seite neu laden',

  editDescription: 'Beschreibung bearbeiten',
  editing: (who) => `${names.format(who)} ${who.length === 1 ? 'schreibt' : 'schreiben'} gerade`,
  help: 'Markdown, @ für Personen, # für Karten. Gespeichert wird beim Schreiben; Esc beendet.',
  full: (most) => `Platz ist für ${count.format(most)} Zeichen. Was du hinzugefügt hast, wurde weggelassen.`,
  cut: (most) => `Hier ist Platz für ${count.format(most)} Zeichen. Der Rest des Eingefügten fehlt.`,
  unsent: 'Das hast du gerade geschrieben',
  noEditor: 'Der Editor kam nicht an.',

  when: 'fr 14:00, morgen, in 3 tagen',
  whenLabel: 'In Worten',
  notUnderstood: 'Das ist kein Datum, das ich kenne. Versuche „fr 14:00“, „morgen“, „in 3 tagen“ oder „2026-05-12“.',

  itemsHint:
    'Enter legt den nächsten an; aus mehreren eingefügten Zeilen werden mehrere Punkte. Alt und Pfeile verschieben einen Punkt.',
  moved: (place, total) => `Verschoben auf ${place} von ${total}`,

  waitsFor: 'Wartet auf',
  blocks: 'Hält auf',
  addDependency: 'Karte, auf die sie wartet, hinzufügen',
  addDependent: 'Karte, die auf sie wartet, hinzufügen',
  findCard: 'Karte nach Titel oder Nummer suchen',
  noCard: 'Keine Karte heißt so.',
  unlink: (title) => `„${title}“ entfernen`,
  done: 'erledigt',

  offers: 'Personen und Karten',
  stream: 'Kommentare und Verlauf',
  older: 'Älteren Verlauf zeigen',
  loadingOlder: 'Älterer Verlauf wird geladen',
  lostActivity: 'Älterer Verlauf konnte nicht geladen werden.',
  onlyComments: 'Nur Kommentare',
  deed: {
    created: 'hat diese Karte angelegt',
    imported: 'hat diese Karte importiert',
    deleted: 'hat diese Karte gelöscht',
    restored: 'hat diese Karte wiederhergestellt',
    described: 'hat die Beschreibung bearbeitet',
    archived: 'hat diese Karte archiviert',
    unarchived: 'hat diese Karte aus dem Archiv geholt',
    titled: (to, from) =>
      from === undefined
        ? `hat diese Karte in „${to}“ umbenannt`
        : `hat diese Karte von „${from}“ in „${to}“ umbenannt`,
    moved: (to, from) =>
      from === undefined
        ? `hat diese Karte nach ${to} verschoben`
        : `hat diese Karte von ${from} nach ${to} verschoben`,
    priority: (to, from) =>
      from === undefined ? `hat die Priorität auf ${to} gesetzt` : `hat die Priorität von ${from} auf ${to} geändert`,
    due: (to, from) =>
      from === undefined ? `hat die Fälligkeit auf ${to} gesetzt` : `hat die Fälligkeit von ${from} auf ${to} verlegt`,
    dueCleared: 'hat die Fälligkeit entfernt',
    start: (to, from) =>
      from === undefined ? `hat den Beginn auf ${to} gesetzt` : `hat den Beginn von ${from} auf ${to} verlegt`,
    startCleared: 'hat den Beginn entfernt',
    labelled: (added) => `hat ${names.format(added.map((name) => `„${name}“`))} hinzugefügt`,
    unlabelled: (removed) => `hat ${names.format(removed.map((name) => `„${name}“`))} entfernt`,
    labels: 'hat die Labels geändert',
    assigned: (added) => `hat ${names.format(added)} zugewiesen`,
    unassigned: (removed) => `hat ${names.format(removed)} nicht mehr zugewiesen`,
    assignees: 'hat geändert, wer zugewiesen ist',
    completed: 'hat diese Karte erledigt',
    reopened: 'hat diese Karte wieder geöffnet',
    itemAdded: (text) => `hat „${text}“ in die Checkliste aufgenommen`,
    itemTicked: (text) => `hat „${text}“ abgehakt`,
    itemUnticked: (text) => `hat den Haken bei „${text}“ entfernt`,
    checklist: 'hat die Checkliste geändert',
    fileAdded: (name) => `hat „${name}“ angehängt`,
    fileDeleted: (name) => `hat die Datei „${name}“ gelöscht`,
    fileBack: (name) => `hat die Datei „${name}“ wiederhergestellt`,
    waits: (title) => `lässt sie auf „${title}“ warten`,
    blocks: (title) => `lässt „${title}“ auf sie warten`,
    commentEdited: 'hat einen Kommentar bearbeitet',
    commentDeleted: 'hat einen Kommentar gelöscht',
  },
}
