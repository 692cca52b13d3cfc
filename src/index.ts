/**
 * Wraps functions, so that a quick call gets its value and a slow one a ref, and redeems refs. Begin with `createRaincheck`.
 * @module raincheck
 */
export { type ProcessPool, type ProcessPoolOptions, processPool } from './backends/process-pool.js'
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
} from './core/answer.js'
export type {
  BackendCapabilities,
  BackendLimits,
  BackendStats,
  Job,
  JobContext,
  TaskBackend,
  TaskHandle,
  Work,
} from './core/backend.js'
export type { Cached } from './core/cached.js'
export type { CallOptions } from './core/call-options.js'
export type { CancelResult } from './core/cancel.js'
export type { Serializer } from './core/codec.js'
export type { Duration } from './core/duration.js'
export { type ErrorCode, type ErrorInfo, RaincheckError } from './core/errors.js'
export type { EventMap, TaskFacts } from './core/events.js'
export { type FormattedAnswer, formatAnswer, type ResponseFormat } from './core/format-answer.js'
export { addressOf, fromModule, type ModuleAddress } from './core/from-module.js'
export type { FunctionOptions } from './core/function-options.js'
export type { ListOptions, TaskList, TaskSummary } from './core/list.js'
export type { Queue } from './core/queue.js'
export type { Raincheck, UnheldTask } from './core/raincheck.js'
export { isRef, type Ref } from './core/ref.js'
export type { RetryOptions } from './core/retry.js'
export { NonRetryableError } from './core/retryable.js'
export type { Scope } from './core/scope.js'
export { createRaincheck, type RaincheckOptions } from './create-raincheck.js'
export { type Config, type ConfigFunction, defineConfig } from './define-config.js'
export { type ConfigChanges, configStore, type OpenedConfig, openConfig } from './open-config.js'
export { dataDirectory, type StoreOption, storeFile } from './stores/open-stores.js'
export { isRedisUrl, type RedisUrl } from './stores/redis-address.js'
