import { wrongOption } from '../words/check-option.js'
import { type Duration, parseDuration } from '../words/duration.js'
import { messageOf } from '../words/errors.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'

/** How long a value answers its key by a function, in milliseconds. One that fails costs nobody the value: it is not kept. */
export function ttlBy(
  { events }: Engine,
  { ref, name, origin }: LiveTask,
  ttl: (value: never, input: never) => Duration,
  value: unknown,
): number {
  try {
    return durationOf(ttl(value as never, origin.input as never))
  } catch (thrown) {
    const message = `${name}: its value is not kept, since \`ttl\` failed: ${messageOf(thrown)}`
    events.emit('store-error', { error: wrongOption(message, { cause: thrown }), ref })
    return 0
  }
}

function durationOf(given: unknown): number {
  // Nobody waits for it, so its rejection would be nobody's.
  if (given instanceof Promise) given.catch(() => {})
  return parseDuration('what it returns', given)
}
