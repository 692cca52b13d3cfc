/**
 * The backend for more than one machine. Begin with `bullmq`.
 * @module raincheck/bullmq
 */
export { type BullmqOptions, bullmq } from '../backends/bullmq/bullmq.js'
export { inspectQueue, type QueueState } from '../backends/bullmq/inspect-queue.js'
