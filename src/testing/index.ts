/**
 * The tests that every backend and every task store passes, for those of one's own.
 * @module raincheck/testing
 */
export { type BackendFixture, type BackendSuite, backendContract } from './backend-contract.js'
export type { TestRunner } from './runner.js'
export { type TaskStoreSuite, taskStoreContract } from './task-store-contract.js'
export type { TaskStoreFixture } from './task-store-test.js'
