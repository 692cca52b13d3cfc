// What each chapter of the handbook has to say, in pieces that fit the sentences of handbook-sentences.mjs: `things`
// are nouns, `tasks` go on after "the observer should", `faults` and `reasons` are clauses.
import { KEEPING } from './handbook-keeping.mjs'
import { MEASURING } from './handbook-measuring.mjs'

export const CHAPTERS = [...MEASURING, ...KEEPING]
