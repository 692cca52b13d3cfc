import type { Core } from '../task/engine.js'
import { RaincheckError } from './errors.js'

/** @throws RaincheckError `CLOSED`, naming what was called too late. */
export function refuseClosed({ closed }: Core, called: string): void {
  if (closed) throw new RaincheckError('CLOSED', `${called} was called after close(); create a new raincheck`)
}
