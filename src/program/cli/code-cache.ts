import { mkdirSync, statSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { codeFolder } from '../worker/code-folder.js'

/**
 * Keeps compiled code in the user's folder for caches (Node 22.8 and later), and lets children do so. Not in the folder for temporary files,
 * Node's default: there another user could put code for this one to run. Where it cannot be written, or others can write to it, nothing is kept.
 */
export function keepCompiledCode(version: string): void {
  const enable: unknown = Reflect.get(nodeModule, 'enableCompileCache')
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env
  if (typeof enable !== 'function' || (NODE_COMPILE_CACHE ?? NODE_DISABLE_COMPILE_CACHE) !== undefined) return
  const folder = join(codeFolder(), version)
  if (!isOursAlone(codeFolder()) || !isOursAlone(folder)) return
  Reflect.apply(enable, nodeModule, [folder])
  process.env.NODE_COMPILE_CACHE = folder
}

/** Makes the folder where there is none. */
function isOursAlone(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, mode } = statSync(folder)
    // Windows has neither; the folder is in the user's profile there.
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
  } catch {
    return false
  }
}
