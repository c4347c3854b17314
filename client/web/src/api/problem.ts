/** A refusal of the REST interface, as RFC 9457 describes it, or a request that got no answer at all. */

import type { Code, FieldError } from '../protocol/generated'

/** `network`: no answer came. `unreadable`: an answer came that is not the server's (a proxy's page, say). */
export type ProblemCode =
  | Code
  | 'unauthorized'
  | 'token_expired'
  | 'token_invalid'
  | 'wrong_credentials'
  | 'second_factor'
  | 'resync'
  | 'body_too_large'
  | 'body_too_slow'
  | 'unsupported_media_type'
  | 'network'
  | 'unreadable'

export class Problem extends Error {
  override readonly name = 'Problem'

  /** HTTP status, 0 when no answer came. */
  readonly status: number
  readonly code: ProblemCode
  /** One sentence of the server, in English; views say it in their own words where they know the code. */
  readonly detail: string
  readonly errors: readonly FieldError[]
  /** When a retry makes sense, in milliseconds. */
  readonly retryMs: number | null
  /** The present values of the fields in conflict. */
  readonly current: Readonly<Record<string, unknown>> | null

  constructor(
    status: number,
    code: ProblemCode,
    detail: string,
    errors: readonly FieldError[] = [],
    retryMs: number | null = null,
    current: Readonly<Record<string, unknown>> | null = null,
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.detail = detail
    this.errors = errors
    this.retryMs = retryMs
    this.current = current
  }

  /** Whether the same request may succeed later without being changed. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

interface ProblemBody {
  title?: string
  detail?: string
  code?: ProblemCode
  errors?: readonly { pointer: string; detail: string }[]
  current?: Readonly<Record<string, unknown>>
}

/** The problem that a refused response carries. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as ProblemBody
  const fallback = response.status === 401 ? 'unauthorized' : 'unreadable'
  const errors = (body.errors ?? []).map(({ pointer, detail }) => ({ pointer, message: detail }))
  const retryAfter = Number(response.headers.get('retry-after') ?? NaN)
  const sentence = body.detail ?? body.title ?? response.statusText
  return new Problem(
    response.status,
    body.code ?? fallback,
    sentence,
    errors,
    Number.isFinite(retryAfter) ? retryAfter * 1000 : null,
    body.current ?? null,
  )
}
