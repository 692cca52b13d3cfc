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
      const begin = async () => {
        try {
          resolve(await runInSlot(slot, job.work, job.input as never, context.task))
        } catch (error) {
          reject(error)
        }
        end()
      }
      void inThisTurn.then(begin)
    })
  }
}

/**
 * Functions begin with a stack of their own: 20,000 nested calls would overflow that of the first, and errors would show our frames in the
 * place of theirs. `queueMicrotask` takes several times as long as this.
 */
const inThisTurn = Promise.resolve()
