/** One run of the dialog: a file is looked at, brought in, taken back; where it stands, and what went wrong. Not here: how it looks. */

import { cancelJob, jobOf, lookAt, startImport, undoImport } from '../../api/imports'
import type { ImportPreview, UndoneImport } from '../../api/imports'
import type { Http } from '../../api/http'
import { Problem } from '../../api/problem'
import type { Job, JobProblem } from '../../protocol/generated'
import { imports } from '../../strings/imports'
import { refusalText } from '../parts/refusals'

type Stage = 'choosing' | 'looking' | 'looked' | 'bringing' | 'brought' | 'undoing' | 'undone'

/** How often the server is asked how far it is. */
const PAUSE_MS = 500

export class Importing {
  stage = $state<Stage>('choosing')
  job = $state.raw<Job | null>(null)
  refused = $state<string | null>(null)
  /** Who of the file is which member. */
  people = $state<Record<string, string>>({})
  /** What a table's columns become, where that was changed. */
  columns = $state<Record<string, string>>({})
  file = $state('')

  readonly #http: Pick<Http, 'ask' | 'authorised'>
  readonly #project: string
  readonly #leaving = new AbortController()

  constructor(http: Pick<Http, 'ask' | 'authorised'>, project: string) {
    this.#http = http
    this.#project = project
  }

  get preview(): ImportPreview {
    return this.job?.result as unknown as ImportPreview
  }

  get undone(): UndoneImport {
    return this.job?.result as unknown as UndoneImport
  }

  /** Nobody looks any more; what the server does goes on. */
  leave(): void {
    this.#leaving.abort()
  }

  async look(file: File): Promise<void> {
    this.file = file.name
    await this.#run('looking', 'looked', 'choosing', () =>
      lookAt(this.#http, this.#project, file, this.#leaving.signal),
    )
    if (this.stage !== 'looked') return
    const known = this.preview.people.filter(({ member_id }) => member_id !== null)
    this.columns = {}
    this.people = Object.fromEntries(known.map(({ id, member_id }) => [id, member_id!]))
  }

  async start(): Promise<void> {
    const looked = this.job!
    const people = Object.fromEntries(Object.entries(this.people).filter(([, member]) => member !== ''))
    await this.#run('bringing', 'brought', 'choosing', () =>
      startImport(this.#http, this.#project, looked.id, { people, columns: this.columns }),
    )
  }

  async undo(id: string): Promise<void> {
    await this.#run('undoing', 'undone', 'choosing', () => undoImport(this.#http, this.#project, id))
  }

  async cancel(): Promise<void> {
    if (this.job) await cancelJob(this.#http, this.job.id).catch(() => undefined) // over already: that is told anyway
  }

  again(): void {
    this.stage = 'choosing'
    this.job = null
    this.refused = null
  }

  async #run(during: Stage, after: Stage, otherwise: Stage, ask: () => Promise<Job>): Promise<void> {
    this.stage = during
    this.refused = null
    try {
      this.job = await ask()
      while (this.job.finished_at === null) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
        if (this.#leaving.signal.aborted) return
        this.job = await jobOf(this.#http, this.job.id)
      }
      this.refused = this.job.problem && sentence(this.job.problem, during)
      this.stage = this.job.problem ? otherwise : after
    } catch (wrong) {
      if (this.#leaving.signal.aborted) return
      this.refused = wrong instanceof Problem && wrong.code === 'body_too_large' ? imports.tooLarge : refusalText(wrong)
      this.stage = otherwise
    }
  }
}

/** Why a job failed. What is wrong with a file only its reader knows, and says it in its own words. */
function sentence({ code, detail }: JobProblem, during: Stage): string {
  if (code === 'cancelled' && during === 'bringing') return imports.stopped
  return `${imports.failed} ${imports.failures[code] ?? imports.reader(detail)}`
}
