// Converts the documents beside this file to Markdown, in out/: quick ones, one that is converted already, and a long one.
// Run it with: npm start
import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createRaincheck, fromModule, processPool } from 'raincheck'

const documents = fileURLToPath(new URL('./documents/', import.meta.url))
const out = fileURLToPath(new URL('../out/', import.meta.url))

// The slow function lives in a module of its own, so that a child process can run it.
const convert = fromModule(new URL(import.meta.resolve('raincheck/convert')), 'convert')

const rain = await openRaincheck()
const toMarkdown = rain.cached({
  name: 'to-markdown',
  asyncTimeout: '10s', // how long a caller waits before it gets a ref instead of the value
  ttl: '1h', // how long the same input is answered from the store
  title: ({ path }) => basename(path),
})(convert)

/** In a file, which other processes can redeem refs from; in memory where SQLite has no driver (docs/reference/faq.md). */
async function openRaincheck() {
  await mkdir(out, { recursive: true })
  const inFile = createRaincheck({ store: `sqlite:${join(out, 'rain.db')}`, backend: processPool() })
  try {
    await inFile.list({ limit: 1 })
    return inFile
  } catch (error) {
    if (error.code !== 'MISSING_PEER') throw error
    await inFile.close()
    console.log(`Tasks are kept in memory: ${error.message}\n`)
    return createRaincheck({ backend: processPool() })
  }
}

const save = async (title, markdown) => {
  const file = join(out, `${basename(title, extname(title))}.md`)
  await writeFile(file, markdown)
  return `out/${basename(file)} (${markdown.split('\n').length} lines)`
}

const files = (await readdir(documents)).filter((file) => /\.(html|docx|pdf)$/.test(file)).sort()
const long = 'handbook.pdf'

console.log('Quick documents: each call is answered with its value.\n')
for (const file of files.filter((name) => name !== long)) {
  const startedAt = performance.now()
  // refresh: an earlier run of this program may have left the value in the store.
  const answer = await toMarkdown({ path: join(documents, file) }, { refresh: true })
  assert.equal(answer.status, 'complete')
  console.log(
    `  ${file} -> ${await save(file, answer.value.markdown)}, in ${Math.round(performance.now() - startedAt)} ms`,
  )
}

console.log('\nThe same call again: answered from the store, the work is not done twice.\n')
const startedAt = performance.now()
let hits = 0
rain.on('hit', () => hits++)
await toMarkdown({ path: join(documents, 'article.html') })
assert.equal(hits, 1)
console.log(`  article.html, in ${(performance.now() - startedAt).toFixed(2)} ms`)

console.log(`\nA long document: ${long} has 123 pages, and this caller waits 50 ms at most.\n`)
let answer = await toMarkdown({ path: join(documents, long) }, { asyncTimeout: '50ms', refresh: true })
console.log(`  The call is answered with status '${answer.status}' and the ref ${answer.ref}.`)
console.log('  The work goes on in a queue. The caller is free, and polls with the ref:\n')
while (answer.status === 'pending' || answer.status === 'processing') {
  await sleep(200)
  answer = await rain.poll(answer.ref)
  console.log(`  poll: ${answer.status}${answer.progress?.message ? `, ${answer.progress.message}` : ''}`)
}
assert.equal(answer.status, 'complete')
assert.match(answer.value.markdown, /^# /m)
console.log(`\n  ${long} -> ${await save(long, answer.value.markdown)}: the ref is redeemed.`)

await rain.close()
console.log('\nNow try it on a document of your own:  npx raincheck convert <file>')
