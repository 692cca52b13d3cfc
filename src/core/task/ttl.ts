import { wrongOption } from '../words/check-option.js'
import { parseDuration } from '../words/duration.js'
import { messageOf } from '../words/errors.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'

/** How long a value answers its key, in milliseconds. A function that cannot tell costs nobody the value: it is not kept. */
export function ttlOf({ events }: Engine, { ref, origin }: LiveTask, value: unknown): number {
  const { ttl, name } = origin.spec
  if (typeof ttl === 'number') return ttl
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
