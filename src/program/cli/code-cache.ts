import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { codeFolder } from '../worker/code-folder.js'

/**
 * Keeps compiled code in the user's folder for caches (Node 22.8 and later), and lets children do so. Not in the folder for temporary files,
 * Node's default: there another user could put code for this one to run. Where it cannot be written, nothing is kept.
 */
export function keepCompiledCode(version: string): void {
  const enable: unknown = Reflect.get(nodeModule, 'enableCompileCache')
  if (typeof enable !== 'function' || process.env.NODE_COMPILE_CACHE !== undefined) return
  const folder = join(codeFolder(), version)
  Reflect.apply(enable, nodeModule, [folder])
  if (process.env.NODE_DISABLE_COMPILE_CACHE === undefined) process.env.NODE_COMPILE_CACHE = folder
}
