/** What people did, as noun phrases, and what became of it, in German. Part of de.ts. */

import type { Command } from '../protocol/generated'
import type { Strings } from './en'

const LONGEST = 60

/** ` von „Beete umgraben“`, or nothing where the name is not known. */
function named(word: string, name: string): string {
  if (!name) return ''
  return ` ${word} „${name.length > LONGEST ? `${name.slice(0, LONGEST).trimEnd()}…` : name}“`
}

const kinds: { readonly [T in Command['type']]: string } = {
  create_task: 'Anlegen',
  update_task: 'Änderung',
  move_task: 'Verschieben',
  describe_task: 'Beschreibung',
  archive_task: 'Archivieren',
  unarchive_task: 'Zurückholen',
  delete_task: 'Löschen',
  restore_task: 'Wiederherstellen',
  create_column: 'Anlegen',
  update_column: 'Änderung',
  move_column: 'Verschieben',
  delete_column: 'Löschen',
  restore_column: 'Wiederherstellen',
  create_label: 'Anlegen',
  update_label: 'Änderung',
  delete_label: 'Löschen',
  restore_label: 'Wiederherstellen',
  add_comment: 'Neuer Kommentar',
  edit_comment: 'Änderung eines Kommentars',
  delete_comment: 'Löschen eines Kommentars',
  restore_comment: 'Wiederherstellen eines Kommentars',
  add_checklist_item: 'Neuer Punkt der Checkliste',
  update_checklist_item: 'Änderung eines Punktes der Checkliste',
  move_checklist_item: 'Verschieben eines Punktes der Checkliste',
  delete_checklist_item: 'Löschen eines Punktes der Checkliste',
  restore_checklist_item: 'Wiederherstellen eines Punktes der Checkliste',
  delete_attachment: 'Löschen einer Datei',
  restore_attachment: 'Wiederherstellen einer Datei',
  add_dependency: 'Neue Abhängigkeit',
  remove_dependency: 'Entfernen einer Abhängigkeit',
  update_project: 'Änderung des Boards',
  add_member: 'Aufnahme',
  set_member_role: 'Rolle',
  remove_member: 'Entfernen',
  import_records: 'Import',
}

/** What stands within a card, before the card's own name. */
const inside = /Kommentar|Checkliste|Datei|Abhängigkeit/

const fields: Readonly<Record<string, string>> = {
  title: 'Titel',
  priority: 'Priorität',
  due_at: 'Fälligkeit',
  start_at: 'Beginn',
  labels: 'Labels',
  assignees: 'Personen',
  name: 'Name',
  category: 'Bedeutung',
  wip_limit: 'Höchstzahl',
  color: 'Farbe',
}

const what: Strings['edits']['what'] = ({ type, name, fields: set }) => {
  if (type === 'update_project') return set[0] === 'name' ? 'Name des Boards' : kinds[type]
  const single = set.length === 1 && type.startsWith('update_') ? fields[set[0]!] : undefined
  const phrase = type === 'update_checklist_item' ? kinds[type] : (single ?? kinds[type])
  return phrase + named(inside.test(phrase) ? 'in' : 'von', name)
}

export const edits: Strings['edits'] = {
  what,
  undid: (what) => `Rückgängig gemacht: ${what}`,
  redid: (what) => `Wiederholt: ${what}`,
  overtaken: (what, who) => `Bleibt: ${what}. ${who} hat das seitdem geändert.`,
  refused: (what, why) => `Bleibt: ${what}. ${why}`,
  nothingToUndo: 'Nichts rückgängig zu machen',
  nothingToRedo: 'Nichts zu wiederholen',
}

export const rejected: Strings['rejected'] = {
  title: (what) => `Nicht übernommen: ${what}.`,
  open: 'Karte öffnen',
  kept: 'Dein Text ist hier aufgehoben.',
  codes: {
    invalid: 'Der Server hat es nicht angenommen.',
    not_found: 'Worum es ging, wurde inzwischen gelöscht.',
    forbidden: 'Deine Rolle auf diesem Board erlaubt es nicht.',
    conflict: 'Jemand hat dasselbe zuerst geändert.',
    blocked: 'Die Karte wartet auf andere, die nicht erledigt sind.',
    cycle: 'Die Karten würden aufeinander warten.',
    limit: 'Das ist mehr, als das Board aufnehmen kann.',
    rate: 'Das war zu schnell. Versuche es gleich noch einmal.',
  },
  other: 'Der Server konnte es nicht übernehmen. Versuche es noch einmal.',
}
