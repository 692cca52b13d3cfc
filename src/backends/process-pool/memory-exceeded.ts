import { RaincheckError } from '../../core/words/errors.js'

/** A child was ended since its task needed more memory than it may have. */
export class MemoryExceeded extends RaincheckError {
  /** @param limit In MB; undefined: Node's own. @param advice How to raise it. */
  constructor(
    readonly limit: number | undefined,
    advice = limit === undefined ? 'give the pool a memoryLimit' : 'raise memoryLimit',
  ) {
    const most = limit === undefined ? 'memory than Node gives it' : `than ${limit.toLocaleString('en')} MB`
    super('CRASHED', `the process that ran the task needed more ${most}; ${advice}, or give it less to do`)
  }
}
