import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endWorker } from '../support/cli.js'
import { entryPointsOf } from './entry-points.js'
import { copyDriver, driverIn, INSTALL_MS, manifest, newProject, nodes, type Project } from './project.js'

/* The same package, with its peers and without its optional dependencies. Install scripts are off, as more and more people have them. */

/** What docs/reference/faq.md shows: the tree of sqlite3 6 has neither node-gyp 8 nor tar 6. */
const overrides = { sqlite3: '^6.0.1' }
const off = '--ignore-scripts'

let project: Project
const projectWith = async (fields: object, ...args: string[]) => {
  project = await newProject(fields)
  await project.install(off, project.tarball)
  if (args.length > 0) await project.install(off, ...args)
}

describe('installed with @keyv/sqlite', () => {
  beforeAll(() => projectWith({ overrides }, 'raincheck', '@keyv/sqlite'), INSTALL_MS)
  afterAll(() => project.remove())

  const without = nodes.filter(({ hasSqlite }) => !hasSqlite)

  it.each(without)(
    'a driver that was not built is one line with the remedy, on Node $version',
    async (node) => {
      await expectRebuild(node, /Could not locate the bindings file/)
    },
  )

  it.each(without)('neither is a damaged one more than that, on Node $version', async (node) => {
    await copyDriver(project.folder)
    for (const [content, reason] of [
      ['', /file too short/],
      [`\x7fELF${'\0'.repeat(100)}`, /invalid ELF header|ELF/],
    ] as const) {
      await writeFile(driverIn(project.folder), content)
      await expectRebuild(node, reason)
    }
  })

  async function expectRebuild(node: (typeof nodes)[number], reason: RegExp): Promise<void> {
    const remedy = /`npm rebuild sqlite3 --ignore-scripts=false`, or use Node 22\.13 or later/
    const failed = (await project.run(node, 'installed-store.mjs', 'a.db')) as { message: string }
    expect(failed).toMatchObject({ code: 'MISSING_PEER', message: expect.stringMatching(reason) })
    expect(failed.message).toMatch(remedy)
    const { stderr, exitCode } = await project.raincheck(node, 'status')
    expect(exitCode).toBe(1)
    expect(stderr.split('\n')).toEqual([expect.stringMatching(remedy), ''])
    const converted = await project.raincheck(node, 'convert', 'page.html', '--stdout')
    expect(converted).toMatchObject({ stdout: '# Rain\n\nIt fell.\n', exitCode: 0 })
    expect(converted.stderr.split('\n')).toEqual([expect.stringMatching(remedy), ''])
  }

  it.each(nodes)('everything works on Node $version', async (node) => {
    await copyDriver(project.folder)
    await entryPointsOf(project, node)
    const path = join(project.folder, `${node.version}.db`)
    expect(await project.run(node, 'installed-store.mjs', path)).toEqual({
      ...{ node: node.version, status: 'complete', value: 144 },
    })
    const { stdout: ref, ...submitted } = await project.raincheck(
      ...([node, 'convert', 'page.html', '--stdout', '--background'] as const),
    )
    expect(submitted.exitCode).toBe(0)
    expect(await project.raincheck(node, 'wait', ref.trim())).toMatchObject({ exitCode: 0 })
    await endWorker(project.folder)
    expect(await project.raincheck(node, 'doctor')).toMatchObject({
      stdout: expect.stringMatching(node.hasSqlite ? /driver: node:sqlite\n/ : /driver: @keyv\/sqlite\n/),
      exitCode: 0,
    })
  })
})

describe('installed with the optional peers', () => {
  beforeAll(async () => {
    const peers = Object.entries(manifest.peerDependencies).map(([name, range]) => `${name}@${range}`)
    await projectWith({ overrides }, ...peers)
    await copyDriver(project.folder)
  }, INSTALL_MS)
  afterAll(() => project.remove())

  it.each(nodes)('every entry point loads on Node $version', (node) => entryPointsOf(project, node))

  it.each(nodes)('nothing asks for a peer any more on Node $version', async (node) => {
    const told = (await project.run(node, 'peers-in-use.mjs')) as Record<string, { code: string }>
    expect(Object.keys(told)).toEqual(['store', 'queue', 'inspected'])
    for (const { code } of Object.values(told)) expect(code).not.toBe('MISSING_PEER')
    expect(told.store).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})

describe('installed without optional dependencies', () => {
  beforeAll(() => projectWith({}, '--omit=optional'), INSTALL_MS)
  afterAll(() => project.remove())

  it.each(nodes)('every entry point loads on Node $version', (node) => entryPointsOf(project, node))

  it.each(nodes)('the binary runs, and names what is missing, on Node $version', async (node) => {
    expect((await project.raincheck(node, 'doctor')).stdout).toContain(`on Node ${node.version}\n`)
    const { stderr } = await project.raincheck(node, 'convert', 'page.html', '--stdout')
    expect(stderr).toContain('run: npm install @kreuzberg/html-to-markdown-node\n')
  })
})
