// The part of the library that tells of tasks and errors, without what runs and stores them: a tenth of its modules, for
// programs that have to start fast. Their types are those of index.ts.

export { formatAnswer } from './core/refs/format-answer.js'
export { cursorAfter } from './core/words/cursor.js'
export { END_OF_TIME, parseDuration } from './core/words/duration.js'
export { describeError, RaincheckError } from './core/words/errors.js'
export { isHopeless } from './core/words/retryable.js'
