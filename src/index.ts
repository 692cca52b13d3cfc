/**
 * Wraps functions, so that a quick call gets its value and a slow one a ref, and redeems refs. Begin with `createRaincheck`.
 * @module raincheck
 */
export {
  type ProcessPool,
  type ProcessPoolOptions,
  processPool,
} from './backends/process-pool/process-pool.js'
export type { Cached } from './core/calls/cached.js'
export type { CallOptions } from './core/options/call-options.js'
export { addressOf, fromModule, type ModuleAddress } from './core/options/from-module.js'
export type { FunctionOptions } from './core/options/function-options.js'
export type { Raincheck, UnheldTask } from './core/raincheck.js'
export { type FormattedAnswer, formatAnswer, type ResponseFormat } from './core/refs/format-answer.js'
export type { ListOptions, TaskList, TaskSummary } from './core/refs/list.js'
export type { Scope } from './core/scope.js'
export { createTaskHandle, type HandleReports } from './core/task/handle.js'
export type { CancelResult } from './core/upkeep/cancel.js'
export type { Queue } from './core/upkeep/queue.js'
export type { RetryOptions } from './core/upkeep/retry.js'
export type { Serializer } from './core/values/serializer.js'
export type {
  Answer,
  Attempt,
  CallAnswer,
  CancelledAnswer,
  CompleteAnswer,
  FailedAnswer,
  LiveAnswer,
  Progress,
  ProgressReport,
  Status,
  TaskError,
} from './core/words/answer.js'
export type {
  BackendCapabilities,
  BackendLimits,
  BackendStats,
  Job,
  JobContext,
  JobFacts,
  SharedBackend,
  SharedJob,
  SharedJobContext,
  TaskBackend,
  TaskHandle,
  Work,
  WrappedFunction,
} from './core/words/backend.js'
export type { Duration } from './core/words/duration.js'
export { type ErrorCode, type ErrorInfo, RaincheckError } from './core/words/errors.js'
export type { EventMap, TaskFacts } from './core/words/events.js'
export type { Question, Questions } from './core/words/questions.js'
export { isRef, type Ref } from './core/words/ref.js'
export { NonRetryableError } from './core/words/retryable.js'
export type {
  Asked,
  ListFilter,
  LiveStatus,
  Settlement,
  StoredTask,
  SweepLimits,
  TaskPatch,
  TaskRecord,
  TaskStore,
} from './core/words/task-store.js'
export { createRaincheck, type RaincheckOptions } from './create-raincheck.js'
export { type Config, type ConfigFunction, defineConfig } from './define-config.js'
export { type ConfigChanges, type OpenedConfig, openConfig } from './open-config.js'
export { configStore } from './read-config.js'
export { dataDirectory, storeFile } from './stores/data-directory.js'
export type { CustomStore, StoreOption } from './stores/open.js'
export { isRedisUrl, type RedisUrl } from './stores/redis/address.js'
