import type { LiveStatus } from '../words/task-store.js'

/** Where a task of this process is in its life. The last four are for good. */
export type Phase =
  /** The store is asked whether the task may run. */
  | 'starting'
  /** It waits for a slot. */
  | 'waiting'
  | 'running'
  /** It waits for its next attempt, without a slot. */
  | 'resting'
  /** Its run has ended by a question, which is on its way into the store. */
  | 'asking'
  /** It is on its way to whoever takes it over. */
  | 'handing-over'
  /** Its outcome is on its way into the store. */
  | 'settling'
  /** The store did not take the outcome so far. Callers have it all the same. */
  | 'unstored'
  /** Its end is in the store, whoever wrote it. */
  | 'stored'
  /** Its outcome will never be stored. */
  | 'given-up'
  /** Another task stands for its key, or another process has it. */
  | 'deferred'
  /** Nobody holds it, until it is answered or taken over. */
  | 'handed-over'

/** What happens to a task. */
export type TaskEvent =
  /** The store has its record, or is down, which costs callers nothing. */
  | 'admit'
  /** An attempt has its slot. */
  | 'start'
  /** An attempt failed, and there will be another. */
  | 'rest'
  /** The next attempt waits for a slot. */
  | 'queue'
  /** Its function asks what has no answer yet. */
  | 'ask'
  /** A close leaves it to other processes. */
  | 'hand-over'
  /** It has an outcome: a value, a failure, a timeout or a cancel. */
  | 'settle'
  /** Another task stands for its key, and this one has not started. */
  | 'give-way'
  /** Another process has taken it over. */
  | 'lose'
  /** Another process has settled it. */
  | 'revoke'
  /** The store has its end, or somebody else's. */
  | 'store'
  /** The store has not taken its outcome. */
  | 'fail'
  /** The store will not take its value. Its end is stored without that. */
  | 'lose-value'
  /** Nobody will ever need its outcome. */
  | 'give-up'
  /** What was on its way is in the store, or was refused. */
  | 'let-go'

/** Whether its record stands in the store. */
export type RecordState =
  /** Not there, as far as anybody knows. */
  | 'none'
  /** A write is under way. */
  | 'writing'
  /** Its ref can be redeemed. */
  | 'ours'
  /** Another task stood for its key when it was last written. */
  | 'others'

/** What happens to its record: it is written, and the store takes it, has another task for the key, or is down; or it goes with its store. */
export type RecordEvent = 'write' | 'written' | 'refused' | 'failed' | 'lost'

/** Whether a backend has work of this task. */
export type WorkState = 'none' | 'on' | 'over'

type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>

/** Every transition there is: what is not here changes nothing. So the first end counts. */
export const transitions: Transitions<Phase, TaskEvent> = {
  starting: { admit: 'waiting', 'give-way': 'deferred' },
  waiting: {
    start: 'running',
    rest: 'resting',
    ask: 'asking',
    'hand-over': 'handing-over',
    settle: 'settling',
    'give-way': 'deferred',
    lose: 'deferred',
    revoke: 'stored',
  },
  running: {
    rest: 'resting',
    ask: 'asking',
    'hand-over': 'handing-over',
    settle: 'settling',
    lose: 'deferred',
    revoke: 'stored',
  },
  resting: {
    queue: 'waiting',
    start: 'running',
    ask: 'asking',
    'hand-over': 'handing-over',
    settle: 'settling',
    lose: 'deferred',
    revoke: 'stored',
  },
  asking: { 'let-go': 'handed-over' },
  'handing-over': { 'let-go': 'handed-over' },
  settling: { store: 'stored', lose: 'deferred', fail: 'unstored', 'give-up': 'given-up' },
  unstored: { store: 'stored', lose: 'deferred', 'lose-value': 'unstored', 'give-up': 'given-up' },
  stored: {},
  'given-up': {},
  deferred: {},
  'handed-over': {},
}

/** The record has a life of its own: a task runs, and may end, while its record cannot be written. */
export const recordTransitions: Transitions<RecordState, RecordEvent> = {
  none: { write: 'writing' },
  writing: { written: 'ours', refused: 'others', failed: 'none' },
  ours: { lost: 'none' },
  others: { write: 'writing' },
}

export interface TaskState {
  readonly phase: Phase
  readonly record: RecordState
  readonly work: WorkState
}

/** What the record of a live task in this phase says. */
export function statusIn(phase: Phase): LiveStatus {
  return phase === 'running' ? 'processing' : 'pending'
}

/** Whether this process may still change what becomes of the task. */
export function isOpen({ phase }: TaskState): boolean {
  return 'settle' in transitions[phase]
}

/** Whether this process has nothing more to do with the task. */
export function isEnded({ phase }: TaskState): boolean {
  return ended.has(phase)
}

/** Whether the task waits for others to go on with it: what its work comes to in this run is dropped. */
export function isLeft({ phase }: TaskState): boolean {
  return phase === 'asking' || phase === 'handing-over' || phase === 'handed-over'
}

/** Whether nobody has to wait for the store any longer. */
export function isReleased({ phase }: TaskState): boolean {
  return phase === 'unstored' || ended.has(phase)
}

/**
 * Whether a caller can be answered: with the outcome, or by following another task; once the window is over also with a ref, as soon as a
 * poll of it says the same here and elsewhere, or with an outcome that is still on its way into the store.
 */
export function canAnswer({ phase, record }: TaskState, windowOver: boolean): boolean {
  if (phase === 'unstored' || ended.has(phase)) return true
  return windowOver && (phase === 'settling' || (record === 'ours' && phase !== 'starting'))
}

/** Nothing follows these. */
const ended: ReadonlySet<Phase> = new Set(
  Object.entries(transitions).flatMap(([phase, next]) =>
    Object.keys(next).length === 0 ? [phase as Phase] : [],
  ),
)
