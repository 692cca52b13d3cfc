// A long-running agent job with steps: it plans a story, asks whether the plan is right, drafts the chapters, edits them and writes a
// file. No model is behind it; the texts are put together from lists of words. It shows what is checked before a task exists, progress
// with steps and time left, steps that are never done twice, a question in the middle, a process that is killed, and a cancel.
// Run it with: npm run build && node examples/story-writer.mjs
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as think } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createRaincheck, NonRetryableError } from 'raincheck'
import { z } from 'zod'

// This process starts a second one, of this same file, with the folder as its argument. They share the store.
const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'raincheck-story-')))
const rain = createRaincheck({ store: `sqlite:${join(folder, 'rain.db')}`, app: 'story-writer' })

// Each step is a cached call of its own: when the story is begun again, the steps that are done answer from the store.
const step = { asyncTimeout: '1m', ttl: '1d' }
const drafted = [] // by this process

const plan = rain.cached({ ...step, name: 'plan' })(async ({ hero, chapters }) => {
  await think(200)
  return chapters.map((_, index) => `${hero} ${pick(deeds, index)} ${pick(places, index)}`)
})

const draft = rain.cached({ ...step, name: 'draft', title: ({ chapter }) => chapter })(
  async ({ chapter, plot }) => {
    await think(300)
    drafted.push(chapter)
    const text = `${plot}, very slowly. ${pick(weathers, chapter.length)} ${pick(endings, plot.length)}`
    return { chapter, text, by: process.pid }
  },
)

const edit = rain.cached({ ...step, name: 'edit' })(async ({ title, drafts }) => {
  await think(200)
  const parts = drafts.map(({ chapter, text }) => `## ${chapter}\n\n${text.replace(', very slowly', '')}\n`)
  return `# ${title}\n\n${parts.join('\n')}`
})

const writeStory = rain.cached({
  name: 'write-story',
  asyncTimeout: '100ms', // an agent does not wait: it gets a ref
  timeout: '5m', // the work may take longer than any caller has patience
  retries: 2,
  retryDelay: '50ms',
  title: ({ title }) => title,
  input: z.object({
    title: z.string(),
    hero: z.string(),
    chapters: z.array(z.string()),
    into: z.string(),
  }),
  // What the job needs is looked at before there is a task: all that is missing at once, and what to do about it.
  check: async ({ chapters, into }) => {
    const missing = []
    if (chapters.length === 0) missing.push('the outline has no chapters: give it at least one')
    await access(into, constants.W_OK).catch(() => {
      missing.push(`the folder ${into} is not there, or not writable: create it, or name another`)
    })
    if (missing.length > 0) throw new Error(`the story cannot be written; ${missing.join('; ')}`)
  },
})(async ({ title, hero, chapters, into }, task) => {
  const { signal } = task // stops the waiting for a step; the step itself is done to its end, for whoever asks next
  const total = chapters.length + 2
  let current = 0
  const begin = (name, message) => task.progress({ current: current++, total, step: name, message })

  begin('plan', 'plans')
  const plots = await plan.value({ hero, chapters }, { signal })
  // The run ends here until somebody answers; then the function runs again, from its start, and has the answer.
  const isRight = await task.ask('plan', { message: `Shall "${title}" go like this?`, plots })
  if (isRight !== true) throw new NonRetryableError('the plan was declined')

  const drafts = []
  for (const [index, chapter] of chapters.entries()) {
    begin('draft', `chapter ${index + 1} of ${chapters.length}, ${chapter}`)
    drafts.push(await draft.value({ chapter, plot: plots[index] }, { signal }))
  }
  begin('edit', 'edits')
  if (task.attempt === 1) throw new Error('the pencil broke') // as a service may fail: there will be another attempt
  const story = await edit.value({ title, drafts }, { signal })

  const file = join(into, `${title}.md`)
  await writeFile(file, story)
  return { file, drafts }
})

const deeds = ['finds a key', 'follows a gull', 'reads by candlelight', 'counts the waves', 'mends a sail']
const places = ['at the end of the pier', 'below the cliffs', 'in an empty house', 'behind the dunes']
const weathers = [
  'Rain was on its way.',
  'The fog stood still.',
  'It was a bright day.',
  'The wind had turned.',
]
const endings = ['Nobody knew.', 'A bell rang.', 'Then the light went out.', 'It was enough for today.']

const lighthouse = {
  title: 'The Lighthouse',
  hero: 'Ida',
  chapters: ['The Letter', 'The Crossing', 'The Stairs', 'The Lamp', 'The Morning'],
  into: folder,
}

if (process.argv[2]) await beginAndDie()
else {
  await refuse()
  await goOn(await killed())
  await cancel({ ...lighthouse, title: 'The Harbour', hero: 'Olaf' })
  await rain.close()
  await rm(folder, { recursive: true })
}

async function refuse() {
  await assert.rejects(
    writeStory({ ...lighthouse, chapters: [], into: join(folder, 'nowhere') }),
    (error) => {
      console.log(`refused: ${error.message}`)
      return /no chapters.*nowhere is not there/.test(error.message)
    },
  )
  assert.deepEqual((await rain.list()).tasks, []) // there is no task
}

/** Starts the second process. @returns What is left of it. */
async function killed() {
  const writer = fork(fileURLToPath(import.meta.url), [folder])
  const ended = once(writer, 'exit')
  const [{ ref, owner }] = await once(writer, 'message')
  const [, signal] = await ended
  console.log(`process ${writer.pid} was ended by ${signal}`)
  return { ref, owner, pid: writer.pid }
}

/** The second process: asks for the story, answers the question, and does not live to see the end. */
async function beginAndDie() {
  const { ref } = await writeStory(lighthouse)
  console.log(`process ${process.pid} asked for the story and has the ref ${ref}`)
  process.send({ ref, owner: rain.owner })
  const { requests } = await follow(ref, (answer) => answer.requests)
  console.log([requests.plan.message, ...requests.plan.plots].join('\n  '))
  // In the middle of its third chapter. No handler runs at this, and nothing more is written down.
  rain.on('progress', ({ progress }) => {
    if (progress.current === 3) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 150)
  })
  await rain.answer(ref, { plan: true })
  await follow(ref, (answer) => answer.settledAt)
}

/** Another process on the same store goes on, and does not draft again what is drafted. */
async function goOn({ ref, owner, pid }) {
  // Who knows that a process has ended may say so. Else its tasks are taken over when its lease has run out, after 15 s.
  const taken = await rain.recover({ endedOwner: owner })
  assert.ok(taken.includes(ref))
  console.log(`process ${process.pid} goes on with ${ref}`)
  rain.on('retry', ({ error, attempt }) => console.log(`  attempt ${attempt} failed: ${error.message}`))
  const answer = await follow(ref, ({ settledAt }) => settledAt)
  assert.equal(answer.status, 'complete')

  const { file, drafts } = answer.value
  for (const { chapter, by } of drafts) console.log(`  ${chapter}: drafted by process ${by}`)
  const [first, second, ...others] = lighthouse.chapters
  assert.deepEqual(
    drafts.filter(({ by }) => by === pid).map(({ chapter }) => chapter),
    [first, second],
  )
  assert.deepEqual(drafted, others) // once each, though the broken pencil cost the story a second attempt
  const story = await readFile(file, 'utf8')
  assert.deepEqual(story.match(/(?<=^## ).*/gm), lighthouse.chapters)
  console.log(`the story begins:\n  ${story.split('\n')[4]}`)
}

async function cancel(outline) {
  const { ref } = await writeStory(outline)
  await follow(ref, ({ requests }) => requests)
  await rain.answer(ref, { plan: true })
  await follow(ref, ({ progress }) => progress?.step === 'draft')
  const result = await rain.cancel(ref)
  const { status } = await rain.poll(ref)
  console.log(`"${outline.title}": the cancel was ${result}, the task is ${status}`)
  assert.equal(status, 'cancelled')
  await assert.rejects(access(join(folder, `${outline.title}.md`)), { code: 'ENOENT' })
}

/** Polls, as an agent does, until the answer is what is wanted; prints progress that is new. */
async function follow(ref, isWanted) {
  for (let last; ; ) {
    const answer = await rain.poll(ref, { wait: '100ms' })
    const { message = last, percentage, etaMs = 0 } = answer.progress ?? {}
    if (message !== last) console.log(`  ${percentage} %, ${(etaMs / 1_000).toFixed(1)} s left: ${message}`)
    if (isWanted(answer)) return answer
    last = message
  }
}

function pick(list, number) {
  return list[number % list.length]
}
