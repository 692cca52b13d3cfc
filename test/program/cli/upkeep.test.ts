import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { documents, endWorker, raincheck } from '../../support/cli.js'
import { homeWithFunctions } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { once } from '../../support/when-done.js'

/** A data directory with three tasks that are complete. */
async function homeWithTasks(): Promise<{ home: string; refs: string[] }> {
  const home = await temporaryFolder()
  const names = ['article.html', 'minutes.docx', 'invoice.pdf'].map((name) => documents + name)
  const { stdout } = await raincheck(home, ['convert', ...names, '-o', 'out', '--json'])
  return { home, refs: JSON.parse(stdout).map(({ ref }: { ref: string }) => ref) }
}

const functions = `one: { asyncTimeout: '5s', run: async () => 1 },`

const home = () => homeWithFunctions(functions)

/** For the tests that only look at it. */
const done = once(homeWithTasks)

describe('raincheck status all', () => {
  it('lists tasks by function, status and number, also by the short form', async () => {
    const { home, refs } = done()
    const all = (await raincheck(home, ['--status', 'all'])).stdout.trim().split('\n')
    expect(all).toHaveLength(3)
    for (const ref of refs) expect(all.some((line) => line.startsWith(`${ref}  convert  `))).toBe(true)
    expect((await raincheck(home, ['status'])).stdout.trim().split('\n')).toEqual(all)
    expect((await raincheck(home, ['status', '--limit', '2'])).stdout.trim().split('\n')).toHaveLength(2)
    expect((await raincheck(home, ['status', '--status', 'failed'])).stdout).toBe('')
    expect((await raincheck(home, ['status', '--name', 'other', '--json'])).stdout).toBe('[]\n')
  })

  it('--watch adds a line where something has changed, and ends when the task does', async () => {
    const home = await temporaryFolder()
    const ref = (
      await raincheck(home, ['convert', `${documents}handbook.pdf`, '-o', 'out', '--bg'])
    ).stdout.trim()
    const { stdout, exitCode } = await raincheck(home, ['status', ref, '--watch'])
    const lines = stdout.trim().split('\n')
    expect(exitCode).toBe(0)
    expect(lines.length).toBeGreaterThan(1)
    expect(new Set(lines).size).toBe(lines.length)
    expect(lines.at(-1)).toBe(`handbook.pdf: complete (raincheck result ${ref})`)
    await endWorker(home)
  })
})

describe('raincheck wait', () => {
  it('waits for several tasks, a line each, and ends with what they have in common', async () => {
    const { home, refs } = done()
    const { stdout, exitCode } = await raincheck(home, ['wait', ...refs, '--json'])
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).ref),
    ).toEqual(refs)
    expect(exitCode).toBe(0)
  })
})

describe('raincheck cancel', () => {
  it('fails for what has settled, and for what nobody knows', async () => {
    const { home, refs } = done()
    const settled = await raincheck(home, ['cancel', refs[0] as string, '--json'])
    expect(JSON.parse(settled.stdout)).toEqual({ ref: refs[0], result: 'already-settled' })
    expect(settled.exitCode).toBe(1)
    expect((await raincheck(home, ['cancel', `rc_${'0'.repeat(22)}`])).exitCode).toBe(3)
  })
})

describe('raincheck prune', () => {
  it('removes what settled before a time, and nothing else', async () => {
    const { home, refs } = await homeWithTasks()
    expect((await raincheck(home, ['prune', '--older-than', '1h'])).stdout).toBe('0 removed\n')
    expect((await raincheck(home, ['prune', '--older-than', '0s', '--json'])).stdout).toBe('{"removed":3}\n')
    expect((await raincheck(home, ['status', refs[0] as string])).exitCode).toBe(3)
  })

  it('without a time removes what has expired, and keeps what has not', async () => {
    const folder = await homeWithFunctions(functions, 'retention: 1,')
    await raincheck(folder, ['run', 'one'])
    expect((await raincheck(folder, ['prune'])).stdout).toBe('1 removed\n')
    const kept = await home()
    await raincheck(kept, ['run', 'one'])
    expect((await raincheck(kept, ['prune'])).stdout).toBe('0 removed\n')
    expect(JSON.parse((await raincheck(kept, ['status', '--json'])).stdout)).toHaveLength(1)
  })
})

describe('raincheck queue', () => {
  it('pause holds back what comes, and resume lets it run', async () => {
    const home = await temporaryFolder()
    expect((await raincheck(home, ['queue', 'pause'])).stdout).toMatch(/^0 waiting, 0 running, paused/)
    const ref = (
      await raincheck(home, ['convert', `${documents}minutes.docx`, '-o', 'out', '--bg'])
    ).stdout.trim()
    expect((await raincheck(home, ['wait', ref, '--timeout', '500ms'])).exitCode).toBe(4)
    const paused = JSON.parse((await raincheck(home, ['queue', '--json'])).stdout)
    expect(paused).toMatchObject({ waiting: 1, running: 0, paused: true })
    await raincheck(home, ['queue', 'resume'])
    expect((await raincheck(home, ['wait', ref])).exitCode).toBe(0)
    await endWorker(home)
  })
})

describe('raincheck completion', () => {
  it('completes commands and options in a real bash', async () => {
    const home = await temporaryFolder()
    const { stdout } = await raincheck(home, ['completion', 'bash'])
    const complete = (words: string[]) => {
      const script = `${stdout}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _raincheck; printf '%s\\n' "\${COMPREPLY[@]}"`
      return spawnSync('bash', ['-c', script], { cwd: home }).stdout.toString().trim().split('\n')
    }
    expect(complete(['raincheck', 'st'])).toEqual(['status'])
    expect(complete(['raincheck', 'convert', '--back'])).toEqual(['--background'])
    expect(complete(['raincheck', 'wait', '--ti'])).toEqual(['--timeout'])
    expect(complete(['raincheck', 'mc'])).toEqual(['mcp'])
    expect(complete(['raincheck', 'mcp', '--to'])).toEqual(['--token'])
  })

  it.each(['zsh', 'fish'])('gives %s a script that names every command', async (shell) => {
    const { stdout, exitCode } = await raincheck(await temporaryFolder(), ['completion', shell])
    expect(exitCode).toBe(0)
    for (const command of ['convert', 'status', 'doctor', 'worker']) expect(stdout).toContain(command)
  })
})
