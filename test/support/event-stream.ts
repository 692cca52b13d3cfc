import type { Hono } from 'hono'

/** An event of a stream, as the server wrote it. */
export interface Told {
  event: string
  id: string
  // biome-ignore lint/suspicious/noExplicitAny: what a server tells is anything, and tests look into it.
  data: any
}

/** A stream of events of an app, of which a test reads a piece when it wants to: undefined is the end. */
export async function openEvents(app: Pick<Hono, 'request'>, headers: Record<string, string> = {}) {
  const { body } = await app.request('/events', { headers })
  if (!body) throw new Error('the stream has no body')
  const reader = body.getReader()
  const decoder = new TextDecoder()
  return {
    async read(): Promise<Told[] | undefined> {
      const { done, value } = await reader.read()
      return done ? undefined : eventsOf(decoder.decode(value))
    },
    cancel: () => reader.cancel(),
  }
}

/** Comments are left out. */
function eventsOf(text: string): Told[] {
  const blocks = text.split('\n\n').filter((block) => block.startsWith('event: '))
  return blocks.map((block) => {
    const fields = block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string])
    const { event = '', id = '', data = '' } = Object.fromEntries(fields)
    return { event, id, data: JSON.parse(data) }
  })
}
