import type { AsyncResource } from 'node:async_hooks'
import type { CallOptions } from '../options/call-options.js'
import type { FunctionIdentity } from '../options/function-identity.js'
import type { FunctionSpec } from '../options/function-options.js'
import type { Serializer } from '../values/serializer.js'
import type { ValueStore } from '../values/value-store.js'
import type { Abort } from '../words/abort.js'
import type { CallAnswer } from '../words/answer.js'
import type { Events } from '../words/events.js'
import type { Hits } from '../words/hits.js'
import type { StoredTask, TaskStore } from '../words/task-store.js'
import type { Lease } from './lease.js'
import type { Registry } from './registry.js'
import type { Unstored } from './unstored.js'
import type { WaitingLimit } from './waiting-limit.js'

/** What the rooms of the core share: the stores, and what this process knows by itself. */
export interface Engine {
  readonly tasks: TaskStore
  readonly values: ValueStore
  readonly serializer: Serializer
  readonly events: Events
  readonly lease: Lease
  readonly registry: Registry
  readonly hits: Hits
  /** The tasks whose outcomes the store did not take so far. */
  readonly unstored: Unstored
  /** How long a ref can be redeemed after its task settled, in milliseconds. */
  readonly retention: number
  /** How many settled tasks a store in memory keeps. */
  readonly maxEntries: number
  /** How long a value is answered from memory that somebody may remove from its store, in milliseconds; Infinity for a store in memory. */
  readonly memoryTtl: number
  /** Looks for what other processes do to tasks of this one, on a shared store. */
  readonly cancellations: { start(): void; stop(): void }
  /** Undefined where any number of tasks may wait. */
  readonly waitingLimit: WaitingLimit | undefined
  /** How many tasks of this process have settled. */
  settled: number
  /** How many keys were forgotten here. */
  forgets: number
  /** How often the store was lost. */
  losses: number
  /** Removes what nobody can redeem any more. Never rejects. */
  sweep(): Promise<void>
  /** Finds a function that this process has wrapped. */
  readonly find: FindFunction
  /** For a live task that nobody holds: runs it here, leaves it to those who know its function, or settles it. */
  resumeOrEnd(record: StoredTask): Promise<Resumed>
  /** The async context in which the raincheck was made: tasks run in it that no call of this process began. */
  readonly context: AsyncResource
  closed: boolean
  /** Aborted by the close, for what waits. */
  readonly closing: Abort
}

/** A function that this process has wrapped. */
export interface RegisteredFunction {
  readonly spec: FunctionSpec
  /** Calls it with an input that its schema has parsed before. */
  callParsed(input: unknown, options: CallOptions): Promise<CallAnswer<unknown>>
}

/** Finds a function that this process has wrapped. */
export type FindFunction = (identity: FunctionIdentity) => RegisteredFunction | undefined

/** What became of a task that nobody held: `taken` by this process, `left` to others who may, or `changed` meanwhile. */
export type Resumed = 'taken' | 'left' | 'changed'
