/** Words of the board: making cards, several cards at once, what is put away, what others do. Part of en.ts. */

import { plural } from './plural'

const n = (count: number, one: string, other: string) => plural('en', count, { one, other })

export const onBoard = {
  quick: {
    me: 'me',
    hint: 'Enter adds the next, Esc closes. #label @person !priority ^day',
    understood: 'Understood',
    tooMany: (count: number, most: number) => `That is ${count} lines. At most ${most} become cards at once.`,
    added: (count: number) => n(count, '1 card added', `${count} cards added`),
  },
}
