/** Words of the board in German: making cards, several cards at once, what is put away, what others do. Part of de.ts. */

import type { Strings } from './en'
import { guide } from './de.guide'
import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('de', count, { one, other })

export const onBoard: Strings['onBoard'] = {
  quick: {
    me: 'ich',
    hint: 'Enter legt an und wartet auf die nächste, Esc schließt. #Label @Person !Priorität ^Tag',
    understood: 'Verstanden',
    tooMany: (count, most) => `Das sind ${count} Zeilen. Höchstens ${most} werden auf einmal zu Karten.`,
    added: (count) => n(count, '1 Karte angelegt', `${count} Karten angelegt`),
  },

  select: {
    title: 'Gewählte Karten',
    choose: 'Auswählen',
    unchoose: 'Nicht mehr auswählen',
    card: (title) => `${title} auswählen`,
    count: (count) => n(count, '1 Karte', `${count} Karten`),
    clear: 'Auswahl aufheben',
    move: 'Verschieben',
    labels: 'Labels',
    assignees: 'Zuweisen',
    due: 'Fällig',
    priority: 'Priorität',
    archive: 'Archivieren',
    delete: 'Löschen',
    deleted: (count) => n(count, '1 Karte gelöscht', `${count} Karten gelöscht`),
    archived: (count) => n(count, '1 Karte archiviert', `${count} Karten archiviert`),
  },

  carry: {
    hint: 'Pfeiltasten bewegen sie, Leertaste legt sie ab, Esc gibt sie zurück',
    lifted: (count) => n(count, 'Angehoben.', `${count} Karten angehoben.`),
    at: (column, place, count) => `${column}, ${place} von ${count}`,
    dropped: (where) => `Abgelegt: ${where}`,
    cancelled: 'Zurückgegeben',
  },

  menu: {
    title: 'Menü des Boards',
    settings: 'Einstellungen des Boards',
    import: 'Datei importieren',
    export: 'Board exportieren',
    archived: 'Archivierte Karten',
    deleted: 'Gelöschte Karten',
  },

  export: {
    hint: 'Das Board, wie es jetzt ist, als Datei zum Behalten.',
    preparing: 'Wird vorbereitet …',
    done: (file: string) => `${file} liegt bei deinen Downloads`,
    formats: {
      json: {
        name: 'Lockstep',
        about: 'JSON mit allem, auch archivierten und gelöschten Karten: bringt das Board zurück',
      },
      ndjson: { name: 'Lockstep, Zeile für Zeile', about: 'NDJSON mit allem, für Programme' },
      xlsx: { name: 'Excel', about: 'Eine Tabelle aller Karten, mit echten Daten' },
      csv: { name: 'CSV', about: 'Dieselbe Tabelle für jedes andere Programm' },
      md: { name: 'Markdown', about: 'Spalten und Karten als Text zum Lesen oder Drucken' },
      ics: { name: 'Kalender', about: 'iCalendar mit einer Aufgabe für jede Karte' },
    },
  },

  settings: {
    title: 'Einstellungen des Boards',
    about: 'Worum es geht',
    aboutHint: 'Steht in der Liste der Boards',
    background: 'Hintergrund',
    plain: 'Schlicht',
    delete: 'Dieses Board löschen',
    deleteHint: 'Es verschwindet für alle und lässt sich 30 Tage lang aus der Liste der Boards wiederherstellen.',
    deleteSure: 'Für alle löschen',
    deleted: (name) => `Board „${name}“ gelöscht`,
  },

  away: {
    find: 'Nach Titel suchen',
    restore: 'Wiederherstellen',
    restoreOne: (title) => `${title} wiederherstellen`,
    deleteOne: (title) => `${title} löschen`,
    by: (who, when) => `${who}, ${when}`,
    further: (count) => n(count, 'und 1 weitere: such danach', `und ${count} weitere: such danach`),
    noneArchived: 'Keine Karten sind archiviert.',
    noneDeleted: 'In letzter Zeit wurden keine Karten gelöscht.',
    earlier: 'Früher gelöschte zeigen',
  },

  absence: {
    title: 'Während du weg warst',
    people: ([first, second, ...others]) =>
      others.length > 0
        ? `${first}, ${second} und ${others.length} weitere`
        : second
          ? `${first} und ${second}`
          : `${first}`,
    added: (count) => n(count, '1 Karte angelegt', `${count} Karten angelegt`),
    completed: (count) => n(count, '1 Karte erledigt', `${count} Karten erledigt`),
    moved: (count) => n(count, '1 Karte verschoben', `${count} Karten verschoben`),
    deleted: (count) => n(count, '1 Karte gelöscht', `${count} Karten gelöscht`),
    changed: (count) => n(count, '1 Karte geändert', `${count} Karten geändert`),
    commented: (count) => n(count, '1 Kommentar', `${count} Kommentare`),
  },

  guide,

  moving: (name) => `${name} verschiebt diese Karte`,

  fold: 'Einklappen',
  unfold: (name, count) => `${name} ausklappen, ${n(count, '1 Karte', `${count} Karten`)}`,

  boards: {
    find: 'Board suchen',
    star: (name) => `${name} mit Stern merken`,
    unstar: (name) => `Stern von ${name} entfernen`,
    deleted: 'Gelöschte Boards',
    deletedHint: 'Wer ein Board verwaltet, kann es 30 Tage lang wiederherstellen.',
    restore: (name) => `${name} wiederherstellen`,
    restored: (name) => `Board „${name}“ wiederhergestellt`,
    nothing: 'Kein Board heißt so',
  },

  tell: 'Änderungen anderer ansagen',
  tellHint: 'Bildschirmleser hören, was andere auf einem Board tun',

  complete: 'Erledigen',
  completeOne: (title) => `${title} erledigen`,
  completed: (title) => `„${title}“ erledigt`,
  reopen: 'Wieder öffnen',
  reopenOne: (title) => `${title} wieder öffnen`,
  reopened: (title) => `„${title}“ wieder offen`,
  copy: 'Karte kopieren',
  copied: (title) => `„${title}“ kopiert`,
  copiedFace: (title) => `„${title}“ kopiert, ohne Beschreibung und Checkliste, die nicht geladen werden konnten`,
  archivedOne: (title) => `„${title}“ archiviert`,
}
