// What a large document costs besides time: the memory of the child that converts it, how long the event loop of this
// process stands still meanwhile, and how long the child outlives a cancel.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRaincheck, processPool } from '../../dist/index.js'
import { cachedConvert } from '../../dist/program/documents/convert-function.js'
import { median, printRow } from './harness.mjs'
import { writeDocx, writeHtml, writePdf, writeXlsx } from './large-documents.mjs'

const MOST_MEGABYTES = 1_024
const LONGEST_GAP_MS = 50
const LONGEST_CANCEL_MS = 100
const ROUNDS = 3
const large = [
  { name: 'HTML of 5.5 MB', file: 'large.html', write: writeHtml },
  { name: 'DOCX of 540 chapters', file: 'large.docx', write: writeDocx },
  { name: 'PDF of 332 pages', file: 'large.pdf', write: writePdf },
  { name: 'XLSX of 50,000 rows', file: 'large.xlsx', write: writeXlsx },
]

const folder = await mkdtemp(join(tmpdir(), 'raincheck-bench-'))
try {
  const costs = []
  for (const document of large) costs.push({ name: document.name, ...(await measure(document)) })
  for (const { name, megabytes } of costs)
    row(`peak memory of a child, ${name}`, megabytes, 'MB', MOST_MEGABYTES)
  for (const { name, gap } of costs) row(`largest gap of the event loop, ${name}`, gap, 'ms', LONGEST_GAP_MS)
  for (const { name, cancel } of costs)
    row(`from a cancel to the child's end, ${name}`, cancel, 'ms', LONGEST_CANCEL_MS)
} finally {
  await rm(folder, { recursive: true })
}

/** Medians, since whatever else the machine does may hold up this process once. */
async function measure({ file, write }) {
  const path = join(folder, file)
  await write(path)
  const whole = []
  for (let round = 0; round < ROUNDS; round++)
    whole.push(await withConvert((convert) => wholeRun(convert, path)))
  const took = median(whole.map((run) => run.took))
  const cancels = []
  for (let round = 0; round < ROUNDS; round++)
    cancels.push(await withConvert((convert, rain) => cancelHalfway(convert, rain, path, took / 2)))
  return {
    megabytes: Math.max(...whole.map((run) => run.megabytes)),
    gap: median(whole.map((run) => run.gap)),
    cancel: Math.max(...cancels),
  }
}

async function withConvert(work) {
  const store = await mkdtemp(join(folder, 'store-'))
  const backend = processPool({ size: 1, memoryLimit: MOST_MEGABYTES })
  const rain = createRaincheck({ store: `sqlite:${join(store, 'raincheck.db')}`, backend })
  try {
    return await work(cachedConvert(rain, 'bench'), rain)
  } finally {
    await rain.close({ drain: 0 })
  }
}

async function wholeRun(convert, path) {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  const startedAt = performance.now()
  delays.enable()
  await convert({ path })
  delays.disable()
  const took = performance.now() - startedAt
  return { took, gap: delays.max / 1e6, megabytes: await peakMegabytes(await childId()) }
}

async function cancelHalfway(convert, rain, path, after) {
  const { ref } = await convert({ path }, { asyncTimeout: 0 })
  await sleep(after)
  const id = await childId()
  const startedAt = performance.now()
  const cancelled = rain.cancel(ref)
  while (isAlive(id)) await sleep(1)
  const took = performance.now() - startedAt
  if ((await cancelled) === 'already-settled')
    throw new Error(`${path} was converted before it could be cancelled`)
  return took
}

/** The one process that this one has started (Linux). */
async function childId() {
  const tasks = await readdir('/proc/self/task')
  const texts = await Promise.all(tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8')))
  const ids = texts.join(' ').split(/\s+/).filter(Boolean).map(Number)
  if (ids.length !== 1) throw new Error(`there are ${ids.length} child processes`)
  return ids[0]
}

async function peakMegabytes(id) {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(await readFile(`/proc/${id}/status`, 'utf8'))
  return Number(kilobytes) / 1_024
}

function isAlive(id) {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

function row(name, value, unit, most) {
  printRow(name, `${Math.round(value)} ${unit}`, '', '', `at most ${most} ${unit}`, value <= most)
}
