/** Wörter des Fensters, das Dateien importiert: siehe en.imports.ts. */

import type { imports as english } from './en.imports'
import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('de', count, { one, other })

export const imports: typeof english = {
  title: 'Datei importieren',
  hint: 'Ein Board aus Trello, Planka, WeKan, Nextcloud Deck oder Lockstep, oder eine Tabelle als CSV oder Excel. Es kommt nichts herein, bevor du gesehen hast, was kommen würde.',
  drop: 'Datei hier ablegen',
  choose: 'Datei auswählen',
  other: 'Andere Datei auswählen',
  looking: (file: string) => `${file} wird angesehen …`,
  inside: (board: string) => `„${board}“ enthält:`,
  kinds: {
    task: (count: number) => n(count, '1 Karte', `${count} Karten`),
    column: (count: number) => n(count, '1 Spalte', `${count} Spalten`),
    label: (count: number) => n(count, '1 Label', `${count} Labels`),
    member: (count: number) => n(count, '1 neue Person', `${count} neue Personen`),
    comment: (count: number) => n(count, '1 Kommentar', `${count} Kommentare`),
    checklist_item: (count: number) => n(count, '1 Punkt einer Checkliste', `${count} Punkte von Checklisten`),
    description: (count: number) => n(count, '1 Beschreibung', `${count} Beschreibungen`),
    dependency: (count: number) => n(count, '1 Abhängigkeit', `${count} Abhängigkeiten`),
  },
  first: 'Die ersten Karten',
  notes: {
    mapped: 'Was in anderer Form kommt',
    guessed: 'Was die Datei nicht sagt und geraten wurde',
    dropped: 'Was zurückbleibt',
  },
  example: (examples: string) => `Etwa ${examples}`,
  people: 'Wer ist wer',
  peopleHint: 'Wer wie in der Datei bleibt, hat keinen Zugang zu diesem Board.',
  who: (name: string) => `Wer ist ${name}?`,
  asInFile: 'Wie in der Datei',
  start: 'Importieren',
  bringing: 'Die Datei wird importiert …',
  progress: 'Wie viel importiert ist',
  cancel: 'Anhalten',
  stopped: 'Der Import wurde angehalten. Was bis dahin kam, ist auf dem Board.',
  done: (count: number) => n(count, '1 Karte wurde importiert', `${count} Karten wurden importiert`),
  undo: 'Import rückgängig machen',
  undoing: 'Der Import wird rückgängig gemacht …',
  undone: (count: number) => n(count, '1 Karte kam in den Papierkorb', `${count} Karten kamen in den Papierkorb`),
  kept: (titles: string) => `Daran hat seitdem jemand gearbeitet, deshalb bleiben sie: ${titles}`,
  earlier: 'Früher importiert',
  earlierOne: (when: string, count: number) => `${when}: ${n(count, '1 Karte', `${count} Karten`)}`,
  undoEarlier: (when: string) => `Import vom ${when} rückgängig machen`,
  failed: 'Das ging nicht.',
  failures: {
    cancelled: 'Es wurde angehalten.',
    forbidden: 'Du darfst in dieses Board nicht mehr importieren.',
    limit: 'Das Board würde zu groß, oder die Datei ist es.',
    internal: 'Beim Server ging etwas schief. Versuche es später noch einmal.',
  },
  reader: (sentence: string) => `Der Server sagt: ${sentence}`,
  tooLarge: 'Diese Datei ist zu groß für diesen Server.',
}
