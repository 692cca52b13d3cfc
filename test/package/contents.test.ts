import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { root } from '../docs/snippets.js'

interface Packed {
  files: { path: string }[]
  unpackedSize: number
}

const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 10 * 1024 * 1024 })
// A list, and of npm 12 an object.
const [{ files, unpackedSize }] = Object.values(JSON.parse(stdout)) as [Packed]
const paths = files.map(({ path }) => path)

/** What may be in the package; whatever else is there was not meant to be. */
const wanted = [
  /^(?:LICENSE|README\.md|package\.json)$/,
  /^dist\/(?:[\w-]+\/)*[\w-]+\.(?:js|d\.ts)$/,
  /^dist\/backends\/process-pool\/child-watch\.cjs$/,
  /^dist\/licences\.txt$/,
  /^dist\/http\/page\/[\w-]+\.(?:js|css|html|svg)$/,
]

/** Paths that package.json names, whatever the depth. */
function namedFiles(part: unknown): string[] {
  if (typeof part === 'string') return [part.replace(/^\.\//, '')]
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(namedFiles) : []
}

describe('the package', () => {
  it('holds what is needed and nothing else: no sources, tests, maps or notes', async () => {
    expect(paths.filter((path) => !wanted.some((pattern) => pattern.test(path)))).toEqual([])
    const manifest = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as Record<string, unknown>
    for (const needed of ['LICENSE', 'README.md', ...namedFiles([manifest.exports, manifest.bin])])
      expect(paths).toContain(needed)
  })

  it('has no file that was built from a source that is gone', async () => {
    const sources = paths
      .filter((path) => path.endsWith('.d.ts'))
      .map((path) => path.replace(/^dist/, 'src').replace(/\.d\.ts$/, '.ts'))
    expect(sources.length).toBeGreaterThan(100)
    for (const source of sources) await expect(readFile(root + source)).resolves.toBeDefined()
  })

  it('is smaller than 2 MB, and has a licence', async () => {
    expect(unpackedSize).toBeLessThan(2 * 1024 * 1024)
    expect(await readFile(`${root}LICENSE`, 'utf8')).toMatch(/^MIT License\n\nCopyright \(c\) \d{4} /)
  })
})
