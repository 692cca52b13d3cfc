import type { ToolContext } from './host.js'
import { wrong } from './options.js'

/**
 * Tells whose call it is, by the handler's context.
 * @inline
 */
export type ScopeOf = (context: ToolContext) => string

/** The scope by an author's option. What is no text is refused: taken for "no scope", it would open everybody's tasks. */
export function checkedScope(scope: ScopeOf = () => ''): ScopeOf {
  return (context) => {
    const id: unknown = scope(context)
    if (typeof id === 'string') return id
    throw wrong(`scope must return a text for each call, got ${id === null ? 'null' : typeof id}`)
  }
}
