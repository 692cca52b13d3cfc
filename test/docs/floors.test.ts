import { readFileSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const files = globSync('src/**/*.ts', { cwd: root })

interface Floor {
  /** Folder, from the root. */
  folder: string
  /** What it may import, from `src`: folders and files. */
  allowed: string[]
}

/** The rows of CONTRIBUTING's table that are about `src`. */
const floors = readFileSync(`${root}CONTRIBUTING.md`, 'utf8')
  .split('\n')
  .flatMap((line): Floor[] => {
    const [, folder, , allowed = ''] = line.split('|').map((cell) => cell.trim())
    const [, path] = /^`(src[^`]*)`$/.exec(folder ?? '') ?? []
    return path === undefined
      ? []
      : [{ folder: path, allowed: [...allowed.matchAll(/`([^`]+)`/g)].map(([, one]) => `src/${one}`) }]
  })

/** The most specific row that a file belongs to. */
function floorOf(file: string): Floor {
  const own = floors.filter(({ folder }) => file.startsWith(`${folder}/`))
  return own.reduce((best, one) => (one.folder.length > best.folder.length ? one : best))
}

/** Our own files that a file imports, types and import() included. */
function importsOf(file: string): string[] {
  const text = readFileSync(root + file, 'utf8').replace(/\/\*.*?\*\//gs, '')
  const found = text.matchAll(/(?:\bfrom|\bimport) *\(? *'(\.[^']+)'/g)
  return [...found].map(([, path]) => posix.join(dirname(file), path as string).replace(/\.js$/, '.ts'))
}

const imports = files.flatMap((file) =>
  importsOf(file).map((imported) => ({ file, imported, floor: floorOf(file) })),
)
const covers = (allowed: string, file: string) => file === allowed || file.startsWith(`${allowed}/`)

describe("CONTRIBUTING's table of folders", () => {
  it('has a row for every folder that files of src are in', () => {
    expect(floors.length).toBeGreaterThan(15)
    expect(imports.length).toBeGreaterThan(1_000)
    expect(floors.filter(({ folder }) => !files.some((file) => file.startsWith(`${folder}/`)))).toEqual([])
  })

  it('allows every import that there is', () => {
    const wrong = imports.filter(
      ({ imported, floor }) =>
        floorOf(imported).folder !== floor.folder && !floor.allowed.some((one) => covers(one, imported)),
    )
    expect(wrong.map(({ file, imported }) => `${file} imports ${imported}`)).toEqual([])
  })

  it('allows nothing that no file imports', () => {
    const unused = floors.flatMap(({ folder, allowed }) =>
      allowed
        .filter(
          (one) => !imports.some(({ floor, imported }) => floor.folder === folder && covers(one, imported)),
        )
        .map((one) => `${folder} imports nothing of ${one}`),
    )
    expect(unused).toEqual([])
  })
})
