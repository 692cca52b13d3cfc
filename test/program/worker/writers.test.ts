import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createRaincheck, type Ref } from '../../../src/index.js'
import { startFixture } from '../../support/child.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const WRITERS = 8
const TASKS = 500

it(`${WRITERS} processes that write one SQLite store at once lose no write`, {
  timeout: 120_000,
}, async () => {
  const path = join(await temporaryFolder(), 'a.db')
  const writers = Array.from({ length: WRITERS }, (_, id) =>
    startFixture('writer.mjs', path, String(id), String(TASKS)),
  )
  await Promise.all(writers.map((writer) => writer.next('ready')))
  for (const writer of writers) writer.send({ write: true })
  const written = await Promise.all(
    writers.map((writer) => writer.next<{ refs: Ref<string>[]; errors: string[] }>('written')),
  )
  expect(written.flatMap(({ errors }) => errors)).toEqual([])
  const rain = createRaincheck({ store: `sqlite:${path}` })
  for (const [id, { refs }] of written.entries()) {
    const answers = await Promise.all(refs.map((ref) => rain.poll(ref)))
    expect(answers.map((answer) => (answer.status === 'complete' ? answer.value : answer.status))).toEqual(
      Array.from({ length: TASKS }, (_, n) => `${id}-${n}`),
    )
  }
  await rain.close()
})
