/** How the record of a task stands in a store. */
export type RecordStanding =
  /** There is none. */
  | 'absent'
  /** Live, and the lease of its owner runs. */
  | 'held'
  /** Live, and nobody holds it: it was left, or the lease has run out. */
  | 'unheld'
  /** Live, held by nobody, with a question that has no answer. */
  | 'asking'
  /** For good. */
  | 'settled'

/** The verbs of a `TaskStore` that change one record. */
export type RecordVerb =
  | 'start'
  | 'update'
  | 'settle'
  | 'revoke'
  | 'interrupt'
  | 'leave'
  | 'ask'
  | 'answer'
  | 'takeOver'
  | 'forget'
  | 'remove'

/**
 * What each verb makes of a record, by how that stands. Anything else changes nothing, and is answered so. All but `start`, `answer`, `forget`
 * and `remove` also need the record's own term. `ask` leaves a question open; `answer` answers the last one. `forget` goes by the key, which
 * the live task loses, and the record of one that is settled is fresh.
 */
export const recordTransitions: Readonly<
  Record<RecordVerb, Readonly<Partial<Record<RecordStanding, RecordStanding>>>>
> = {
  start: { absent: 'held' },
  update: { held: 'held', unheld: 'unheld', asking: 'asking' },
  settle: { held: 'settled', unheld: 'settled', asking: 'settled' },
  revoke: { held: 'settled', unheld: 'settled', asking: 'settled' },
  interrupt: { unheld: 'settled', asking: 'settled' },
  leave: { held: 'unheld', unheld: 'unheld', asking: 'asking' },
  ask: { held: 'asking', unheld: 'asking', asking: 'asking' },
  answer: { asking: 'unheld' },
  takeOver: { unheld: 'held' },
  forget: { held: 'held', unheld: 'unheld', asking: 'asking', settled: 'absent' },
  remove: { settled: 'absent' },
}
