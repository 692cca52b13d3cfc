import type { ErrorInfo, Ref, TaskSummary } from '../index.js'
import { pause } from './client-pause.js'
import { problemOf, type Requester } from './client-request.js'

/** What a server tells of tasks. */
export type TaskEvent =
  /** How a task stands now, without its value and the details of its progress. */
  | { type: 'task'; task: TaskSummary }
  /** The task is known no more. */
  | { type: 'removed'; ref: Ref }
  /** An attempt failed, and there will be another. `attempt` is the number of those that failed. */
  | { type: 'retry'; ref: Ref; attempt: number; error: ErrorInfo }
  /** What the function logged; `dropped` lines before that are left out. */
  | { type: 'log'; ref: Ref; lines: string[]; dropped?: number }

/** What a server tells of tasks, and how the connection to it is. */
export type ClientEvent =
  | TaskEvent
  /** The stream begins. Unless it is resumed, something may have been missed. */
  | { type: 'ready'; resumed: boolean }
  /** The connection was lost; it is tried again. */
  | { type: 'lost' }

/** The wait before another try, doubled for each that fails, in milliseconds. */
const FIRST_WAIT_MS = 500
const LAST_WAIT_MS = 10_000

/** A server pings every 15 s; one that is silent for three of them is gone. */
const SILENCE_MS = 45_000

/** Reads the stream of events, and connects again where it ends. Rejects when the server refuses it. */
export async function* followEvents(
  request: Requester,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<ClientEvent, void, undefined> {
  const place = { id: undefined as string | undefined }
  for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(LAST_WAIT_MS, 2 * waitMs)) {
    try {
      for await (const event of readOnce(request, place, signal)) {
        waitMs = FIRST_WAIT_MS
        yield event
      }
    } catch (error) {
      const { status = 503 } = problemOf(error) ?? {}
      if (status < 500 && status !== 429) throw error
    }
    if (signal.aborted) return
    yield { type: 'lost' }
    await pause(waitMs, signal)
  }
}

async function* readOnce(
  request: Requester,
  place: { id: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<ClientEvent> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), SILENCE_MS)
  try {
    const { body } = await request('events', {
      headers: place.id === undefined ? {} : { 'Last-Event-ID': place.id },
      signal: AbortSignal.any([signal, silence.signal]),
      timeout: Number.POSITIVE_INFINITY,
    })
    let text = ''
    for await (const chunk of chunks(body)) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), SILENCE_MS)
      const blocks = (text + chunk).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) yield* parse(block, place)
    }
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

/** By a reader, since not every browser can iterate over a stream. */
async function* chunks(body: Response['body']): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) return
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

/** A block of lines; one without data is a comment. The server writes data as one line. */
function* parse(block: string, place: { id: string | undefined }): Generator<ClientEvent> {
  const fields = new Map(
    block.split('\n').map((line) => {
      const [, name = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? []
      return [name, value]
    }),
  )
  const data = fields.get('data')
  if (data === undefined) return
  place.id = fields.get('id') ?? place.id
  const type = fields.get('event')
  const told = JSON.parse(data)
  if (type === 'task') yield { type, task: told }
  else yield { type, ...told }
}
