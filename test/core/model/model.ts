import { clocks } from './world.js'

export type ModelStatus = 'processing' | 'complete' | 'failed' | 'cancelled'

/** A task as the model sees it: a key, a status and, once it has settled, what it came to and when. */
export interface ModelTask {
  key: number
  status: ModelStatus
  startedAt: number
  settledAt: number
  value: string
}

/** What is true, without any of the machinery: who owns which ref, and which task is live for which key. */
export class Model {
  readonly tasks = new Map<string, ModelTask>()
  /** The live task of each key whose ref is known. */
  readonly live = new Map<number, string>()
  /** Keys whose function runs, whether or not anybody has a ref of it, with the time of the start. */
  readonly running = new Map<number, number>()
  now = 0
  faulty = false
  /** When the stores were last made whole: what was asked before may have suffered from them. */
  mendedAt = 0

  settle(key: number, status: ModelStatus, value = ''): void {
    const ref = this.live.get(key)
    const task = ref === undefined ? undefined : this.tasks.get(ref)
    if (task) Object.assign(task, { status, value, settledAt: this.now })
    this.live.delete(key)
    this.running.delete(key)
  }

  /** Time passes: what runs too long is settled by its timeout. */
  pass(ms: number): void {
    const end = this.now + ms
    for (const [key, startedAt] of [...this.running]) {
      if (startedAt + clocks.timeout > end) continue
      this.now = startedAt + clocks.timeout
      this.settle(key, 'failed')
    }
    this.now = end
  }

  isExpired({ status, settledAt }: ModelTask): boolean {
    return status !== 'processing' && this.now >= settledAt + clocks.retention
  }
}
