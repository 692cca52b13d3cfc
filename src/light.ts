// The part of the library that tells of tasks and errors, without what runs and stores them: a tenth of its modules, for
// programs that have to start fast. Their types are those of index.ts.
export { cursorAfter } from './core/cursor.js'
export { END_OF_TIME, parseDuration } from './core/duration.js'
export { describeError, RaincheckError } from './core/errors.js'
export { formatAnswer } from './core/format-answer.js'
export { isHopeless } from './core/retryable.js'
