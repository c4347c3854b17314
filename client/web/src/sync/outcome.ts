/** How a submit ended. */

import type { Code, Command, FieldError } from '../protocol/generated'
import type { About } from './about'

export interface Outcome {
  /** The change it became; for a no-op the head at that time. */
  readonly seq: number
  /** It changed nothing. */
  readonly noop: boolean
}

/** A refused submit, kept so that nothing a person wrote is lost. */
export interface Rejection {
  /** The submit's id. */
  readonly id: string
  readonly commands: readonly Command[]
  /** What it was about, as it was when it was made. */
  readonly about: About
  readonly code: Code
  /** One sentence of the server, in English. */
  readonly message: string
  readonly errors: readonly FieldError[]
  /** The present values of the fields in conflict. */
  readonly current: Readonly<Record<string, unknown>> | null
  /** What a person typed: titles, descriptions, comments, names. Empty for moves and the like. */
  readonly texts: readonly string[]
}

export class Rejected extends Error {
  override readonly name = 'Rejected'
  readonly rejection: Rejection

  constructor(rejection: Rejection) {
    super(rejection.message)
    this.rejection = rejection
  }

  get code(): Code {
    return this.rejection.code
  }

  get current(): Readonly<Record<string, unknown>> | null {
    return this.rejection.current
  }
}

/** What a refusal says, from the server or made here. */
export interface Refusal {
  readonly code: Code
  readonly message: string
  readonly errors?: readonly FieldError[]
  readonly current?: Readonly<Record<string, unknown>>
}

export function rejectionOf(
  { id, commands, about }: Pick<Rejection, 'id' | 'commands' | 'about'>,
  refusal: Refusal,
): Rejection {
  const { code, message, errors = [], current = null } = refusal
  return { id, commands, about, code, message, errors, current, texts: textsOf(commands) }
}

const TEXT_FIELDS = ['title', 'name', 'text', 'description'] as const

/** Every text that commands carry. */
function textsOf(commands: readonly Command[]): readonly string[] {
  const values = commands.flatMap((command) =>
    TEXT_FIELDS.map((field) => (command as unknown as Record<string, unknown>)[field]),
  )
  return values.filter((value): value is string => typeof value === 'string' && value.trim() !== '')
}
