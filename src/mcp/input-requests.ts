import { RaincheckError } from '../core/words/errors.js'
import type { ClientCapabilities } from './tasks-extension.js'

/** What a server may ask its client in the middle of a task. */
export interface InputRequest {
  method: string
  params?: Record<string, unknown>
}

/**
 * What a function asked by `task.ask`, as MCP asks it. A request that is one of MCP's goes out as it is, and so does its response
 * to the function; anything else becomes a form with one field, and the function gets the text that was put in.
 */
export function inputRequestOf(request: unknown): InputRequest {
  if (isInputRequest(request)) return request
  const message: unknown = Object(request).message ?? request
  return {
    method: 'elicitation/create',
    params: {
      mode: 'form',
      message: typeof message === 'string' ? message : JSON.stringify(message),
      requestedSchema: {
        type: 'object',
        properties: { [FIELD]: { type: 'string', title: 'Answer' } },
        required: [FIELD],
      },
    },
  }
}

/**
 * The answer that a client's response has for a function.
 * @returns Undefined when the user declined a question that is none of MCP's: the function has no word for that.
 * @throws RaincheckError `INVALID_INPUT` when it is no response to that request.
 */
export function answerOf(key: string, request: unknown, response: unknown): unknown {
  const { method } = inputRequestOf(request)
  if (method !== 'elicitation/create') return response
  const { action, content } = Object(response)
  if (!actions.includes(action))
    throw new RaincheckError(
      'INVALID_INPUT',
      `the response to ${key} must have an action, one of ${actions.join(', ')}; it has ${JSON.stringify(action)}`,
    )
  if (isInputRequest(request)) return response
  if (action !== 'accept') return undefined
  const text: unknown = Object(content)[FIELD]
  if (typeof text === 'string') return text
  throw new RaincheckError('INVALID_INPUT', `the response to ${key} must have the text ${FIELD} as content`)
}

/** The answer that somebody gives without the protocol's words: the fields of a form need no wrapping then. */
export function answerInWords(request: unknown, given: unknown): unknown {
  const isForm = isInputRequest(request) && request.method === 'elicitation/create'
  return isForm && !actions.includes(Object(given).action) ? { action: 'accept', content: given } : given
}

/** The capabilities that a client would need to be asked all this; undefined when it has them. */
export function missingCapabilities(
  requests: readonly InputRequest[],
  declared: ClientCapabilities,
): Record<string, object> | undefined {
  const missing = requests.filter((request) => !canAnswer(request, declared)).map(capabilityFor)
  return missing.length === 0 ? undefined : Object.assign({}, ...missing)
}

const FIELD = 'answer'
const actions: readonly unknown[] = ['accept', 'decline', 'cancel']
const methods: readonly unknown[] = ['elicitation/create', 'sampling/createMessage', 'roots/list']

function isInputRequest(request: unknown): request is InputRequest {
  return methods.includes(Object(request).method)
}

function canAnswer({ method, params }: InputRequest, declared: ClientCapabilities): boolean {
  const { elicitation, sampling, roots } = declared
  if (method === 'sampling/createMessage') return sampling !== undefined
  if (method === 'roots/list') return roots !== undefined
  if (params?.mode === 'url') return elicitation?.url !== undefined
  // One that names no mode has forms, as all had before there were modes.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined)
}

function capabilityFor({ method, params }: InputRequest): Record<string, object> {
  if (method === 'sampling/createMessage') return { sampling: {} }
  if (method === 'roots/list') return { roots: {} }
  return { elicitation: { [params?.mode === 'url' ? 'url' : 'form']: {} } }
}
