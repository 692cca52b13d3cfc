import { cancelStream } from './cancel-stream.js'
import type { QueueLink } from './link.js'
import type { WaitingJob } from './waiting-jobs.js'

/** Takes a job out of the queue, if it waits there; else whoever runs it is told, and its key is free. Never rejects. */
export async function withdraw(link: QueueLink, { id, job }: WaitingJob, reason: unknown): Promise<void> {
  try {
    const { queue } = await link.open()
    if ((await queue.remove(id)) === 1) return
    const { code = 'CANCELLED', message = String(reason) } = Object(reason) as Partial<Record<string, string>>
    await link.publish(cancelStream(link.name), { eventName: 'cancel', jobId: id, code, message })
    await queue.getBackend().removeDeduplicationKey(job.key, id)
  } catch {
    // Then it runs on for nobody: its task has ended.
  }
}
