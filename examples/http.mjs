// Serves a function over HTTP, and uses it from a client. Run it with: npm run build && node examples/http.mjs
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import { createRaincheck } from 'raincheck'
import { createClient } from 'raincheck/client'
import { createHttpApp } from 'raincheck/http'

const rain = createRaincheck()
const count = rain.cached({ name: 'count', asyncTimeout: '1s', title: ({ to }) => `to ${to}` })(
  async ({ to }, task) => {
    for (let current = 1; current <= to; current++) {
      await sleep(300, undefined, { signal: task.signal })
      task.progress({ current, total: to })
    }
    return to
  },
)

const server = createAdaptorServer({ fetch: createHttpApp(rain, { functions: [count] }).fetch })
await once(server.listen(0, '127.0.0.1'), 'listening')
const client = createClient(`http://127.0.0.1:${server.address().port}`)

const quick = await client.call('count', { to: 1 })
console.log(`to 1: ${quick.status}, ${quick.value}`)

const slow = await client.call('count', { to: 5 }, { asyncTimeout: 0 })
console.log(`to 5: ${slow.status}, the ref ${slow.ref}`)
for await (const { type, task } of client.events()) {
  if (type !== 'task' || task.ref !== slow.ref) continue
  console.log(`event: ${task.status}${task.progress ? `, ${task.progress.percentage} %` : ''}`)
  if (task.status === 'complete') break
}
const { value } = await client.poll(slow.ref)
console.log(`poll: ${value}`)

server.close()
server.closeAllConnections()
await rain.close()
