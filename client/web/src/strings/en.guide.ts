/** The words of the first board. Part of en.board.ts. */

type Card = readonly [title: string, description: string]

export const guide = {
  start: 'Show me around',
  startHint: 'Makes a small board whose cards say what they can do.',
  name: 'First steps',
  about: 'Try everything here: nobody else sees it.',
  todo: 'To do',
  doing: 'In progress',
  done: 'Done',
  label: 'Start here',
  steps: ['Tick this', 'Write a comment below', 'Set a due date: try “fri 14:00”'] as readonly string[],
  cards: {
    move: [
      'Drag this card to “In progress”',
      'With a finger: hold it for a moment, then drag. By keyboard: Space lifts the card that has the focus, the arrow keys carry it, Space puts it down. Its **…** menu moves it too.\n\nCtrl+Z takes back anything.',
    ] as Card,
    open: [
      'Open this card',
      'A card holds a text like this one, in *Markdown*, and all that belongs to it. Everything is saved as you write.\n\n- [ ] Boxes can be ticked here, too',
    ] as Card,
    add: [
      'Add a card with a press on n',
      'Enter adds the next. Several pasted lines become several cards.\n\nTry `Water the beans !high ^tomorrow`: the line understands `#label`, `@person`, `!priority` and `^day`.',
    ] as Card,
    find: [
      'Press ? for all shortcuts, Ctrl+K to find anything',
      'Both are under your picture (top right), too. `/` filters the cards; 1, 2 and 3 show them as board, list and calendar.',
    ] as Card,
    invite: [
      'Add people to a board of your own',
      '**People** (top right) adds them by e-mail. You see where they are and what they change as it happens.',
    ] as Card,
    made: ['Make a board', 'Cards in this column count as completed.'] as Card,
    end: [
      'Delete this board when you have seen enough',
      '**…** (top right), *Board settings*, *Delete this board*. It can be restored for 30 days.',
    ] as Card,
  },
}
