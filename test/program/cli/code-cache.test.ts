import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { startCommand, startProgram } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const worker = fileURLToPath(new URL('../../../dist/program/worker/main.js', import.meta.url))
const listed = (folder: string) => readdir(folder).catch(() => undefined)

/** Of an `XDG_CACHE_HOME`, which says where caches are on Linux. */
const codeOf = (caches: string) => join(caches, 'raincheck/code')

describe.skipIf(process.platform !== 'linux')('the folder for compiled code', () => {
  it.skipIf(!('enableCompileCache' in nodeModule))('gets that of a command, by its version', async () => {
    const [home, caches] = [await temporaryFolder(), await temporaryFolder()]
    const { exitCode } = await startCommand(home, ['status'], { XDG_CACHE_HOME: caches }).ended
    expect(exitCode).toBe(0)
    const [version = ''] = (await listed(codeOf(caches))) ?? []
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(await listed(join(codeOf(caches), version))).toHaveLength(1)
  })

  it('stays empty with NODE_DISABLE_COMPILE_CACHE', async () => {
    const [home, caches] = [await temporaryFolder(), await temporaryFolder()]
    const variables = { XDG_CACHE_HOME: caches, NODE_DISABLE_COMPILE_CACHE: '1' }
    expect((await startCommand(home, ['status'], variables).ended).exitCode).toBe(0)
    expect(await listed(codeOf(caches))).toBeUndefined()
  })

  it.skipIf(!('enableCompileCache' in nodeModule))('is not used where others can write to it', async () => {
    const [home, caches] = [await temporaryFolder(), await temporaryFolder()]
    const variables = { XDG_CACHE_HOME: caches }
    expect((await startCommand(home, ['status'], variables).ended).exitCode).toBe(0)
    const [version = ''] = (await listed(codeOf(caches))) ?? []
    const folder = join(codeOf(caches), version)
    await rm(folder, { recursive: true })
    await mkdir(folder)
    await chmod(folder, 0o777)
    expect((await startCommand(home, ['status'], variables).ended).exitCode).toBe(0)
    expect(await listed(folder)).toEqual([])
  })

  it('is not needed: one that cannot be made costs a command nothing', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'file'), '')
    const { exitCode, stderr } = await startCommand(home, ['status'], { XDG_CACHE_HOME: join(home, 'file') })
      .ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  })

  it('is freed by the worker of what other versions left', async () => {
    const [home, caches] = [await temporaryFolder(), await temporaryFolder()]
    await mkdir(join(codeOf(caches), '0.0.1'), { recursive: true })
    await writeFile(join(codeOf(caches), '0.0.1/old'), '')
    const store = join(home, 'raincheck.db')
    const running = startProgram(process.execPath, [worker, store], home, { XDG_CACHE_HOME: caches })
    await vi.waitUntil(async () => !(await listed(codeOf(caches)))?.includes('0.0.1'), { timeout: 20_000 })
    running.process.kill('SIGTERM')
    expect((await running.ended).exitCode).toBe(0)
  })
})
