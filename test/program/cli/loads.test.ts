import { readdir, readFile, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { documents, type Ended, endWorker, raincheck } from '../../support/cli.js'
import { startCommand } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const library = new URL('../../../dist/index.js', import.meta.url).href
const hasSqlite = isBuiltin('node:sqlite')

/** What the command's own process loads, as V8 tells: files, and the packages that are in them. */
interface Loaded extends Ended {
  files: string[]
  packages: Set<string>
}

async function load(home: string, args: string[]): Promise<Loaded> {
  const folder = await temporaryFolder()
  const { process, ended } = startCommand(home, args, { NODE_V8_COVERAGE: folder })
  const how = await ended
  const reports = (await readdir(folder)).filter((name) => name.startsWith(`coverage-${process.pid}-`))
  const texts = await Promise.all(reports.map((name) => readFile(join(folder, name), 'utf8')))
  const urls = texts.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result)
  const files = urls.filter(({ url }) => url.startsWith('file:')).map(({ url }) => fileURLToPath(url))
  const sources = (await Promise.all(files.map(sourcesOf))).flat()
  return { ...how, files, packages: new Set(sources.flatMap(packageOf)) }
}

/** A bundled file has several. */
async function sourcesOf(file: string): Promise<string[]> {
  const map = await readFile(`${file}.map`, 'utf8').catch(() => undefined)
  return map === undefined ? [file] : (JSON.parse(map) as { sources: string[] }).sources
}

function packageOf(source: string): string[] {
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1]
  return name === undefined ? [] : [name]
}

/** Of what no brief command needs. */
const heavy = [
  'hono',
  '@hono/node-server',
  'zod',
  '@modelcontextprotocol/server',
  'bullmq',
  'saxes',
  'unpdf',
  'yaml',
]
const engine = ['p-queue', 'p-retry', 'lru-cache', 'devalue', 'tinyqueue']

/** A data directory with one task that is complete. */
async function withTask(): Promise<string> {
  const home = await temporaryFolder()
  await raincheck(home, ['convert', `${documents}minutes.docx`, '-o', 'out'])
  return home
}

describe('a command loads what it uses', () => {
  it('--version: three files, and what finds the folder for compiled code', async () => {
    const { files, packages, stdout } = await load(await temporaryFolder(), ['--version'])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(files.length).toBeLessThanOrEqual(3)
    expect([...packages].sort()).toEqual(['env-paths', 'is-safe-filename'])
  })

  it('status: the parser of command lines and the driver, but nothing that runs tasks', async () => {
    const { files, packages, stdout } = await load(await withTask(), ['status'])
    expect(stdout).toContain('minutes.docx: complete')
    for (const name of [...heavy, ...engine]) expect(packages).not.toContain(name)
    if (!hasSqlite) return
    expect([...packages].sort()).toEqual(['commander', 'env-paths', 'is-safe-filename'])
    expect(files.length).toBeLessThanOrEqual(8)
  })

  it('convert, for a document that is a hit: no engine, no search for patterns, no child', async () => {
    const again = ['convert', `${documents}minutes.docx`, '-o', 'out', '--force']
    const { files, packages, exitCode } = await load(await withTask(), again)
    expect(exitCode).toBe(0)
    for (const name of [...heavy, 'tinyglobby', 'cli-progress']) expect(packages).not.toContain(name)
    if (hasSqlite) expect(files.length).toBeLessThanOrEqual(14)
  })

  it('run --background: no converter, although it starts the worker', async () => {
    const own = await temporaryFolder()
    await writeFile(
      join(own, 'raincheck.config.mjs'),
      `import { defineConfig } from '${library}'
      export default defineConfig({ functions: { square: { asyncTimeout: '5s', run: ({ n }) => n * n } } })`,
    )
    const { files, packages, exitCode } = await load(own, ['run', 'square', '{"n":5}', '--background'])
    await endWorker(own)
    expect(exitCode).toBe(0)
    for (const name of [...heavy, 'tinyglobby', 'cli-progress']) expect(packages).not.toContain(name)
    if (hasSqlite) expect(files.length).toBeLessThanOrEqual(16)
  })

  it('mcp over stdio: no web server, converter or progress bar', async () => {
    const home = await temporaryFolder()
    const { packages } = await load(home, ['mcp', home])
    for (const name of ['hono', '@hono/node-server', 'saxes', 'tinyglobby', 'cli-progress'])
      expect(packages).not.toContain(name)
  })
})

describe('a config file that imports raincheck', () => {
  it('gets the copy that the command has: its errors are those of the command', async () => {
    const home = await temporaryFolder()
    await writeFile(
      join(home, 'raincheck.config.mjs'),
      `import { RaincheckError } from '${library}'
      throw new RaincheckError('REF_NOT_FOUND', 'thrown by the config file')`,
    )
    expect(await raincheck(home, ['status'])).toEqual({
      stdout: '',
      stderr: 'raincheck: thrown by the config file\n',
      // Of another copy it would be any error, which ends with 1.
      exitCode: 3,
    })
  })
})
