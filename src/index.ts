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
export type { TaskBackend, TaskHandle, Work } from './core/backend.js'
export type { Cached, CallOptions } from './core/cached.js'
export type { Serializer } from './core/codec.js'
export type { Duration } from './core/duration.js'
export { type ErrorCode, type ErrorInfo, RaincheckError } from './core/errors.js'
export type { EventMap } from './core/events.js'
export { fromModule } from './core/from-module.js'
export type { FunctionOptions } from './core/function-options.js'
export type { Raincheck } from './core/raincheck.js'
export { isRef, type Ref } from './core/ref.js'
export { createRaincheck, type RaincheckOptions } from './create-raincheck.js'
export { dataDirectory } from './stores/open-stores.js'
