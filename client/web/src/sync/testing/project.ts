/** A followed project whose connection and REST interface are the test's. */

import { vi } from 'vitest'
import { Problem } from '../../api/problem'
import type { TaskDetail } from '../../api/http'
import type { Change, Down, Snapshot, Up } from '../../protocol/generated'
import type { Rejection } from '../outcome'
import { ProjectSync } from '../project'
import { NO_SHELF, type Shelf } from '../shelf'
import type { Touch } from '../view'
import { AT, ME, PROJECT, snapshot } from './records'

export class Followed {
  readonly sent: Up[] = []
  readonly touched: Touch[] = []
  readonly changed: [number, boolean][] = []
  readonly rejections: Rejection[] = []
  readonly fetchSnapshot = vi.fn<(project: string) => Promise<Snapshot>>()
  readonly fetchDetail = vi.fn<(project: string, task: string) => Promise<TaskDetail>>()
  readonly project: ProjectSync

  constructor(shelf: Shelf = NO_SHELF) {
    this.fetchSnapshot.mockImplementation(() => Promise.resolve(snapshot()))
    this.project = new ProjectSync(
      {
        id: PROJECT,
        source: {
          snapshot: this.fetchSnapshot,
          taskDetail: this.fetchDetail,
          changes: () => Promise.resolve({ changes: [] }),
        },
        shelf,
        send: (message) => this.sent.push(message),
        me: () => ME,
        now: () => new Date(AT),
        random: () => 1,
      },
      {
        touched: (touched) => this.touched.push(...touched),
        changed: (change, own) => this.changed.push([change.seq, own]),
        rejected: (rejection) => this.rejections.push(rejection),
        status: () => {},
        presence: () => {},
      },
    )
  }

  /** Opened, loaded and joined. */
  static async joined(shelf?: Shelf): Promise<Followed> {
    const followed = new Followed(shelf)
    followed.project.up()
    void followed.project.open()
    await settle()
    followed.join()
    return followed
  }

  /** The server agrees to the last join. */
  join(mode: 'resumed' | 'resync' = 'resumed', epoch = this.project.replica.epoch!): void {
    this.say({ type: 'joined', project: PROJECT, epoch, seq: this.project.replica.seq, mode })
  }

  say(...messages: Down[]): void {
    this.project.receive(messages)
  }

  hear(...changes: Change[]): void {
    this.say(...changes)
  }

  sentOf<T extends Up['type']>(type: T): Extract<Up, { type: T }>[] {
    return this.sent.filter((message): message is Extract<Up, { type: T }> => message.type === type)
  }

  title(task = 't1'): string | undefined {
    return this.project.replica.view.get('task', task)?.title
  }
}

export const settle = () => vi.advanceTimersByTimeAsync(0)

export function problem(status: number, code: Problem['code'], retryMs: number | null = null): Problem {
  return new Problem(status, code, `it is ${code}`, [], retryMs)
}
