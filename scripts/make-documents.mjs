// Makes the documents in examples/documents again, or into the folder given as the first argument.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { article } from './documents/article.mjs'
import { handbook } from './documents/handbook.mjs'
import { invoice } from './documents/invoice.mjs'
import { minutes } from './documents/minutes.mjs'
import { report } from './documents/report.mjs'

const folder = process.argv[2] ?? fileURLToPath(new URL('../examples/documents/', import.meta.url))

const makers = {
  'article.html': article,
  'report.docx': report,
  'handbook.pdf': handbook,
  'minutes.docx': minutes,
  'invoice.pdf': invoice,
}

await mkdir(folder, { recursive: true })
for (const [name, make] of Object.entries(makers)) {
  const bytes = Buffer.from(await make())
  await writeFile(join(folder, name), bytes)
  console.log(`${name}: ${bytes.length} bytes`)
}
