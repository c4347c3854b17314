/** Why a new password was refused: the server names the password, not what is wrong with it. */

import { own } from '../../strings/own'

export function passwordWords(password: string): string {
  const { short, long, guessable } = own.password
  const length = [...password].length
  return length < 10 ? short : length > 1000 ? long : guessable
}
