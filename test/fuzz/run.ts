import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { extname, join } from 'node:path'
// The built package: a child process of the pool cannot load TypeScript.
import { openBundled } from '../../dist/program/documents/open-bundled.js'
import { bombs } from './bombs.js'
import { ChildrenMemory } from './children.js'
import { variantsOf } from './damage.js'
import { intactDocuments } from './documents.js'
import { convertToText, judge } from './outcome.js'

/** How often each document is damaged in each way. */
const VARIANTS = 20

/** What is slower counts as hanging, in milliseconds. */
const TIMEOUT = 60_000

/** Of a child, in MB, as `raincheck convert` has it. */
const MEMORY = 1_024

/** What a child may take between two looks of its watch, in MB. */
const OVERSHOOT = 256

interface Sample {
  name: string
  variants: { name: string; make(): Promise<Buffer | string> }[]
}

/**
 * Converts damaged documents and bombs in the process pool, as `raincheck convert` does, and prints a line for each.
 * @param only Leaves out the documents without that in their names.
 * @returns Whether each ended in Markdown or a clear error, within the limits.
 */
export async function fuzz(seed: number, only: string): Promise<boolean> {
  console.log(`seed ${seed}: again with npm run fuzz -- ${seed}`)
  const intact = (await intactDocuments()).map(
    (document): Sample => ({ name: document.name, variants: variantsOf(document, seed, VARIANTS) }),
  )
  const made = bombs().map(
    ({ name, make }): Sample => ({ name, variants: [{ name: 'bomb', make: async () => make() }] }),
  )
  const run = await Run.open()
  for (const sample of [...intact, ...made]) if (sample.name.includes(only)) await run.convertAll(sample)
  return run.close()
}

class Run {
  readonly #folder: string
  readonly #bundled: ReturnType<typeof openBundled>
  readonly #memory = new ChildrenMemory()
  readonly #startedAt = Date.now()
  #documents = 0
  #broken = 0

  private constructor(folder: string) {
    this.#folder = folder
    const limits = { timeout: TIMEOUT, memory: MEMORY }
    this.#bundled = openBundled('fuzz', { store: `sqlite:${join(folder, 'rain.db')}`, limits })
  }

  static async open(): Promise<Run> {
    return new Run(await mkdtemp(join(tmpdir(), 'raincheck-fuzz-')))
  }

  async convertAll({ name, variants }: Sample): Promise<void> {
    const line = new Line(name)
    this.#memory.reset()
    const waiting = [...variants]
    const lane = async () => {
      for (let variant = waiting.shift(); variant; variant = waiting.shift())
        await this.#convert(line, `${name}, ${variant.name}`, extname(name), await variant.make())
    }
    await Promise.all(Array.from({ length: availableParallelism() }, lane))
    const { peak } = this.#memory
    if (peak !== undefined && peak > MEMORY + OVERSHOOT) this.#tellBroken(name, `${peak} MB at its peak`)
    line.print(peak)
  }

  async close(): Promise<boolean> {
    await this.#bundled.rain.close()
    this.#memory.stop()
    const seconds = Math.round((Date.now() - this.#startedAt) / 1_000)
    console.log(`${this.#documents} documents in ${seconds} s, ${this.#broken} broke the rules`)
    if (this.#broken === 0) await rm(this.#folder, { recursive: true })
    else console.log(`what broke the rules is in ${this.#folder}`)
    return this.#broken === 0
  }

  async #convert(line: Line, name: string, extension: string, content: Buffer | string): Promise<void> {
    const folder = join(this.#folder, String(this.#documents++))
    await mkdir(folder)
    const path = join(folder, `document${extension}`)
    await writeFile(path, content)
    const startedAt = performance.now()
    const verdict = judge(path, await convertToText(this.#bundled, path))
    line.add('kind' in verdict ? verdict.kind : 'BROKEN', performance.now() - startedAt)
    if ('broken' in verdict) this.#tellBroken(`${name} (${path})`, verdict.broken)
    else await rm(folder, { recursive: true })
  }

  #tellBroken(name: string, why: string): void {
    this.#broken++
    console.log(`BROKEN ${name}: ${why}`)
  }
}

/** What came of the variants of a document. */
class Line {
  readonly #name: string
  readonly #counts = new Map<string, number>()
  #slowest = 0

  constructor(name: string) {
    this.#name = name
  }

  add(kind: string, ms: number): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    this.#slowest = Math.max(this.#slowest, ms)
  }

  print(peak: number | undefined): void {
    const counts = [...this.#counts].sort().map(([kind, count]) => `${count} ${kind}`)
    const memory = peak === undefined ? 'peak unknown' : `peak ${peak} MB`
    console.log(`${this.#name}: ${counts.join(', ')}; slowest ${Math.round(this.#slowest)} ms, ${memory}`)
  }
}
