import { leaveSlot, runInSlot, type Slot } from '../../core/task/nested-slot.js'
import type { Job, JobContext } from '../../core/words/backend.js'

/** Runs functions in this process. */
export class HereRunner {
  #abandoned = 0

  /** Functions that go on although their task has ended. */
  get abandoned(): number {
    return this.#abandoned
  }

  /** Rejects at the abort, whether or not the function heeds it. */
  run(job: Job, context: JobContext, slot: Slot): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let aborted = false
      const stop = context.onAbort((reason) => {
        aborted = true
        this.#abandoned++
        slot.end()
        reject(reason)
        context.onAbandoned()
      })
      const end = () => {
        leaveSlot()
        slot.end()
        if (aborted) this.#abandoned--
        stop()
      }
      runInSlot(slot, invoke, job, context).then(
        (value) => {
          end()
          resolve(value)
        },
        (error) => {
          end()
          reject(error)
        },
      )
    })
  }
}

async function invoke({ work, input }: Job, { task }: JobContext): Promise<unknown> {
  return work(input as never, task)
}
