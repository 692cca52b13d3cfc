export { type BackendFixture, type BackendSuite, backendContract } from './backend-contract.js'
export type { TestRunner } from './runner.js'
export { type TaskStoreFixture, type TaskStoreSuite, taskStoreContract } from './task-store-contract.js'
