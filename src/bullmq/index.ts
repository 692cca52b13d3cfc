export { type BullmqOptions, bullmq } from '../backends/bullmq/bullmq.js'
