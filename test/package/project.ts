import { execFile } from 'node:child_process'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { root } from '../docs/snippets.js'
import { fixture } from '../support/child.js'
import type { Ended } from '../support/cli.js'

const exec = promisify(execFile)
const paths = process.env.RAINCHECK_NODES?.split(delimiter) ?? [process.execPath]

/** A Node that the package is tried on. */
export interface TestedNode {
  path: string
  version: string
  hasSqlite: boolean
}

/** Those that RAINCHECK_NODES names, or the one that is there. */
export const nodes: TestedNode[] = await Promise.all(
  paths.map(async (path) => {
    const script = '[process.version, require("node:module").isBuiltin("node:sqlite")]'
    const [version, hasSqlite] = JSON.parse((await exec(path, ['-p', `JSON.stringify(${script})`])).stdout)
    return { path, version, hasSqlite }
  }),
)

export const manifest = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as {
  version: string
  exports: Record<string, unknown>
  peerDependencies: Record<string, string>
}

/** Longer than an installation took on a busy machine, in milliseconds. */
export const INSTALL_MS = 300_000

/** A project of a stranger. */
export interface Project {
  folder: string
  /** The package, as a file in it. */
  tarball: string
  /** `npm install` with these arguments, by the newest Node. */
  install(...args: string[]): Promise<void>
  /** What a program of the project prints, as JSON: it has to succeed, and to print nothing else. */
  run(node: TestedNode, ...args: string[]): Promise<unknown>
  /** `npx raincheck` with these arguments. */
  raincheck(node: TestedNode, ...args: string[]): Promise<Ended>
  remove(): Promise<void>
}

/** Makes an empty project beside the packed package. @param fields Of its package.json. */
export async function newProject(fields: object = {}): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'raincheck-installed-'))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', ...fields }))
  await writeFile(join(folder, 'page.html'), '<h1>Rain</h1><p>It fell.</p>')
  for (const program of ['entry-points.mjs', 'installed-store.mjs', 'peers-in-use.mjs'])
    await copyFile(fixture(program), join(folder, program))
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const { stdout } = await exec('npm', pack, { cwd: root })
  const end = (node: TestedNode, program: string, args: string[]) =>
    runToEnd(program, args, {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${dirname(node.path)}${delimiter}${process.env.PATH}`,
        RAINCHECK_HOME: join(folder, 'data'),
        NO_COLOR: '1',
      },
    })
  return {
    folder,
    tarball: `./${stdout.trim()}`,
    install: async (...args) => {
      const quiet = ['install', '--no-audit', '--no-fund', '--prefer-offline']
      const { exitCode, stderr } = await end(nodes.at(-1) as TestedNode, 'npm', [...quiet, ...args])
      if (exitCode !== 0) throw new Error(stderr)
    },
    run: async (node, ...args) => {
      const { stdout, stderr, exitCode } = await end(node, node.path, args)
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
      return JSON.parse(stdout)
    },
    raincheck: (node, ...args) => end(node, 'npx', ['--no', '--', 'raincheck', ...args]),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}

function runToEnd(program: string, args: string[], options: object): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { ...options, encoding: 'utf8' }, (_, stdout, stderr) =>
      resolve({ stdout, stderr, exitCode: child.exitCode }),
    )
  })
}

/** Where the binary of @keyv/sqlite's driver is in a project. */
export function driverIn(folder: string): string {
  return join(folder, 'node_modules/sqlite3/build/Release/node_sqlite3.node')
}

/** The driver that `npm ci` built here: to compile it again takes minutes. Its interface (Node-API) is the same in each Node. */
export async function copyDriver(folder: string): Promise<void> {
  await mkdir(dirname(driverIn(folder)), { recursive: true })
  await cp(driverIn(root), driverIn(folder))
}
