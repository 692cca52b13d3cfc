/**
 * The backend for more than one machine. Begin with `bullmq`.
 * @module raincheck/bullmq
 */
export { type BullmqOptions, bullmq } from './bullmq.js'
export { inspectQueue, type QueueState } from './inspect-queue.js'
