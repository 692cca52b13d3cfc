import { execFile } from 'node:child_process'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../docs/snippets.js'

/*
 * The package as strangers have it: packed, and installed from its tarball into an empty project. Run by `.ci/run` on
 * each Node that RAINCHECK_NODES names, and by `npm run install-test` on the one that is there.
 */

const exec = promisify(execFile)
const nodes = process.env.RAINCHECK_NODES?.split(delimiter) ?? [process.execPath]
const versions = await Promise.all(
  nodes.map(async (node) => [(await exec(node, ['-p', 'process.version'])).stdout.trim(), node] as const),
)

const manifest = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as {
  version: string
  exports: Record<string, unknown>
  peerDependencies: Record<string, string>
}
const entryPoints = Object.keys(manifest.exports).filter((name) => name !== './package.json')
const programs = ['entry-points.mjs', 'installed-store.mjs', 'peers-in-use.mjs']
/** Longer than an installation took on a busy machine, in milliseconds. */
const INSTALL_MS = 300_000

let project = ''

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'raincheck-installed-'))
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  await writeFile(join(project, 'page.html'), '<h1>Rain</h1><p>It fell.</p>')
  for (const program of programs)
    await copyFile(fileURLToPath(new URL(`../fixtures/${program}`, import.meta.url)), join(project, program))
  const { stdout } = await exec(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', project],
    {
      cwd: root,
    },
  )
  await install([`./${stdout.trim()}`])
}, INSTALL_MS)

afterAll(() => rm(project, { recursive: true, force: true, maxRetries: 3 }))

async function install(args: string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
  await exec('npm', ['install', ...quiet, ...args], { cwd: project })
  await copyDriver()
}

/** That which `npm ci` built here: to compile it again takes minutes. Its interface (Node-API) is the same in each Node. */
async function copyDriver(): Promise<void> {
  const [from, to] = [root, project].map((folder) => join(folder, 'node_modules/sqlite3/build/Release'))
  await mkdir(to as string, { recursive: true })
  await cp(join(from as string, 'node_sqlite3.node'), join(to as string, 'node_sqlite3.node'))
}

const environment = (node: string) => ({
  ...process.env,
  PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
  RAINCHECK_HOME: join(project, 'data'),
  NO_COLOR: '1',
})

/** What a program of the project prints. */
async function run(node: string, args: string[]): Promise<unknown> {
  const { stdout } = await exec(node, args, { cwd: project, env: environment(node) })
  return JSON.parse(stdout)
}

async function npx(node: string, ...args: string[]): Promise<string> {
  const command = ['--no', '--', 'raincheck', ...args]
  return (await exec('npx', command, { cwd: project, env: environment(node) })).stdout
}

async function checkEntryPoints(version: string, node: string): Promise<void> {
  const told = (await run(node, ['entry-points.mjs'])) as { node: string; names: Record<string, string[]> }
  expect(told.node).toBe(version)
  expect(Object.keys(told.names)).toEqual(entryPoints)
  for (const [entry, names] of Object.entries(told.names)) expect(names.length, entry).toBeGreaterThan(0)
}

describe.each(versions)('installed without peers, on Node %s', (version, node) => {
  it('every entry point loads', () => checkEntryPoints(version, node))

  it('the binary runs, on that Node', async () => {
    expect(await npx(node, '--version')).toBe(`${manifest.version}\n`)
    expect(await npx(node, 'formats')).toContain('.docx')
    expect(await npx(node, 'convert', 'page.html', '--stdout')).toBe('# Rain\n\nIt fell.\n')
    expect(await npx(node, 'doctor')).toContain(`raincheck: ${manifest.version}, on Node ${version}\n`)
  })

  it('an SQLite store is written and read', async () => {
    expect(await run(node, ['installed-store.mjs', join(project, `${version}.db`)])).toEqual({
      ...{ node: version, status: 'complete', value: 144 },
    })
  })

  it('what needs a peer says which, at its first use', async () => {
    const needsQueue = {
      code: 'MISSING_PEER',
      message: expect.stringContaining('npm install bullmq ioredis'),
    }
    expect(await run(node, ['peers-in-use.mjs'])).toEqual({
      store: { code: 'MISSING_PEER', message: expect.stringContaining('npm install @keyv/redis') },
      ...{ queue: needsQueue, inspected: needsQueue },
    })
  })
})

describe('installed with the optional peers', () => {
  beforeAll(
    () => install(Object.entries(manifest.peerDependencies).map(([name, range]) => `${name}@${range}`)),
    INSTALL_MS,
  )

  it.each(versions)('every entry point loads on Node %s', checkEntryPoints)

  it.each(versions)('nothing asks for a peer any more on Node %s', async (_, node) => {
    const told = (await run(node, ['peers-in-use.mjs'])) as Record<string, { code: string }>
    expect(Object.keys(told)).toEqual(['store', 'queue', 'inspected'])
    for (const { code } of Object.values(told)) expect(code).not.toBe('MISSING_PEER')
    expect(told.store).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})

describe('installed without optional dependencies', () => {
  beforeAll(async () => {
    await rm(join(project, 'node_modules'), { recursive: true, maxRetries: 3 })
    // What was converted before is answered from the store.
    await rm(join(project, 'data'), { recursive: true, maxRetries: 3 })
    await install(['--omit=optional'])
  }, INSTALL_MS)

  it.each(versions)('every entry point loads on Node %s', checkEntryPoints)

  it.each(versions)('the binary runs, and names what is missing, on Node %s', async (version, node) => {
    expect(await npx(node, 'doctor')).toContain(`on Node ${version}\n`)
    const failed = await npx(node, 'convert', 'page.html', '--stdout').catch((error) => String(error.stderr))
    expect(failed).toContain('run: npm install @kreuzberg/html-to-markdown-node\n')
  })
})
