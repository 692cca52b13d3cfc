import { type ExitCode, exitCodes } from '../exit-codes.js'
import { print } from '../print.js'
import { withStore } from '../store.js'

/** `raincheck cancel <ref>`: fails when there was nothing to cancel any more. */
export async function cancel(ref: string, options: { json?: boolean }): Promise<ExitCode> {
  const result = await withStore((rain) => rain.cancel(ref))
  print({ ref, result }, said[result], options)
  return result === 'already-settled' ? exitCodes.failure : exitCodes.success
}

const said = {
  cancelled: 'cancelled',
  requested: 'cancelled; what runs of it is told to stop',
  'already-settled': 'nothing to cancel: it has settled already',
}
