// A web back end that mounts raincheck beside its own routes, and what its page does with the client: a quick call, a slow one, events,
// a cancel. Here Node plays the page, with the very code that the page runs. Run it with: npm run build && node examples/http.mjs
// To see the page in a browser: node examples/http.mjs serve
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { createRaincheck } from 'raincheck'
import { createClient } from 'raincheck/client'
import { createHttpApp } from 'raincheck/http'

const rain = createRaincheck() // { store: 'sqlite' } keeps tasks and values beyond this process
const count = rain.cached({ name: 'count', asyncTimeout: '1s', title: ({ to }) => `to ${to}` })(
  async ({ to }, task) => {
    for (let current = 1; current <= to; current++) {
      await sleep(300, undefined, { signal: task.signal })
      task.progress({ current, total: to })
    }
    return to
  },
)

const site = new Hono()
site.get('/', (c) => c.html(html))
// Requests reach these functions and no others. `tokens` would give each user a scope, see docs/guide/http.md.
site.route('/api', createHttpApp(rain, { functions: [count] }))

/** What the page does. */
async function runPage(client, show) {
  const quick = await client.call('count', { to: 1 })
  show(`to 1: ${quick.status}, ${quick.value}`)

  const { ref, status } = await client.call('count', { to: 5 }, { asyncTimeout: 0 })
  show(`to 5: ${status}, the ref ${ref}`)
  for await (const { type, task } of client.events()) {
    // Nothing is missed from `ready` on; what has been before it a poll tells.
    if (type === 'ready' && (await client.poll(ref)).settledAt) break
    if (type !== 'task' || task.ref !== ref) continue
    show(`event: ${task.status}${task.progress ? `, ${task.progress.percentage} %` : ''}`)
    if (task.settledAt) break
  }
  const redeemed = await client.poll(ref)
  show(`poll: ${redeemed.status}, ${redeemed.value}`)

  const unwanted = await client.call('count', { to: 1_000 }, { asyncTimeout: 0 })
  await client.cancel(unwanted.ref)
  const end = await client.wait(unwanted.ref) // polls until it has settled
  show(`to 1000: ${end.status}`)
  return { quick, redeemed, end }
}

// The client is one of the files that the app serves for its own page; where there is a bundler, import it from 'raincheck/client'.
const html = `<!doctype html>
<link rel="icon" href="data:,">
<title>Counting</title>
<ul></ul>
<script type="module">
import { createClient } from './api/page/client.js'
${runPage}
const list = document.querySelector('ul')
await runPage(createClient(new URL('api', location.href)), (line) => {
  list.append(Object.assign(document.createElement('li'), { textContent: line }))
})
</script>`

const server = createAdaptorServer({ fetch: site.fetch })
await once(server.listen(0, '127.0.0.1'), 'listening')
const address = `http://127.0.0.1:${server.address().port}`

if (process.argv[2] === 'serve') console.log(`open ${address} in a browser; Ctrl-C ends it`)
else {
  const { quick, redeemed, end } = await runPage(createClient(`${address}/api`), console.log)
  assert.deepEqual([quick.status, quick.value], ['complete', 1])
  assert.deepEqual([redeemed.status, redeemed.value], ['complete', 5])
  assert.equal(end.status, 'cancelled')
  assert.match(await (await fetch(address)).text(), /Counting/)

  server.close()
  server.closeAllConnections()
  await rain.close()
}
