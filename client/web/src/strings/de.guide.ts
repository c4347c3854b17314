/** The words of the first board, in German. Part of de.board.ts. */

import type { Strings } from './en'

export const guide: Strings['onBoard']['guide'] = {
  start: 'Zeig mir, wie es geht',
  startHint: 'Legt ein kleines Board an, dessen Karten sagen, was sie können.',
  name: 'Erste Schritte',
  about: 'Probier hier alles aus: niemand sonst sieht es.',
  todo: 'Zu tun',
  doing: 'In Arbeit',
  done: 'Erledigt',
  label: 'Hier anfangen',
  steps: ['Hak das ab', 'Schreib unten einen Kommentar', 'Setz eine Frist: probier „fr 14:00“'],
  cards: {
    move: [
      'Zieh diese Karte nach „In Arbeit“',
      'Mit dem Finger: kurz halten, dann ziehen. Mit der Tastatur: die Leertaste hebt die Karte an, die den Fokus hat, die Pfeiltasten tragen sie, die Leertaste legt sie ab. Auch ihr Menü **…** verschiebt sie.\n\nStrg+Z nimmt alles zurück.',
    ],
    open: [
      'Öffne diese Karte',
      'Eine Karte hat einen Text wie diesen, in *Markdown*, und alles, was dazugehört. Gespeichert wird beim Schreiben.\n\n- [ ] Auch hier lassen sich Kästchen abhaken',
    ],
    add: [
      'Leg mit der Taste n eine Karte an',
      'Enter legt die nächste an. Mehrere eingefügte Zeilen werden mehrere Karten.\n\nProbier `Bohnen gießen !hoch ^morgen`: die Zeile versteht `#Label`, `@Person`, `!Priorität` und `^Tag`.',
    ],
    find: [
      '? zeigt alle Tastenkürzel, Strg+K findet alles',
      'Beides steht auch unter deinem Bild (oben rechts). `/` filtert die Karten; 1, 2 und 3 zeigen sie als Board, Liste und Kalender.',
    ],
    invite: [
      'Hol Leute auf ein eigenes Board',
      '**Personen** (oben rechts) fügt sie per E-Mail hinzu. Du siehst, wo sie sind und was sie ändern, während es geschieht.',
    ],
    made: ['Leg ein Board an', 'Karten in dieser Spalte gelten als erledigt.'],
    end: [
      'Lösch dieses Board, wenn du genug gesehen hast',
      '**…** (oben rechts), *Einstellungen des Boards*, *Dieses Board löschen*. 30 Tage lang lässt es sich wiederherstellen.',
    ],
  },
}
