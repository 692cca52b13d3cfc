import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The name of the package that the program belongs to. */
export function appName(): string {
  return packageNameAt(process.argv[1] === undefined ? process.cwd() : dirname(process.argv[1]))
}

/** The name of the package that a folder belongs to, looked for from there upward; else `'app'`. */
export function packageNameAt(start: string): string {
  let folder = start
  for (;;) {
    const name = packageName(join(folder, 'package.json'))
    if (name !== undefined) return name
    const parent = dirname(folder)
    if (parent === folder) return 'app'
    folder = parent
  }
}

function packageName(path: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown }
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    return undefined
  }
}
