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
        reject(reason)
        slot.end()
        context.onAbandoned()
      })
      const end = () => {
        leaveSlot()
        if (aborted) this.#abandoned--
        stop()
        slot.end()
      }
      runInSlot(slot, invoke, job, context).then(
        (value) => {
          resolve(value)
          end()
        },
        (error) => {
          reject(error)
          end()
        },
      )
    })
  }
}

function invoke({ work, input }: Job, { task }: JobContext): Promise<unknown> {
  try {
    return Promise.resolve(work(input as never, task))
  } catch (error) {
    return Promise.reject(error)
  }
}
