import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { documents, endWorker, raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** Nothing is converted within no time at all, so this always hands off. */
async function handedOff(home: string, document: string, ...more: string[]) {
  const args = ['convert', documents + document, '-o', 'out', '--async-timeout', '0ms', ...more]
  const ended = await raincheck(home, args)
  return { ...ended, ref: ended.stdout.trim() }
}

describe('raincheck convert --async-timeout', () => {
  it('prints the bare ref on stdout and how to redeem it on stderr, and ends with 4', async () => {
    const home = await temporaryFolder()
    const { ref, stderr, exitCode } = await handedOff(home, 'minutes.docx')
    expect(ref).toMatch(/^rc_[0-9A-Za-z]{22}$/)
    expect(stderr).toBe(`Task started: ${ref}. Check status with: raincheck status ${ref}\n`)
    expect(exitCode).toBe(4)
    await endWorker(home)
  })

  it('goes on after it has returned, and any other process redeems the ref', async () => {
    const home = await temporaryFolder()
    const { ref } = await handedOff(home, 'handbook.pdf')
    const waited = await raincheck(home, ['wait', ref])
    expect(waited).toEqual({
      stdout: `handbook.pdf: complete (raincheck result ${ref})\n`,
      stderr: '',
      exitCode: 0,
    })
    const result = await raincheck(home, ['result', ref])
    expect(result.exitCode).toBe(0)
    expect(result.stdout).toMatch(/^# Handbook for Observers/)
    expect(result.stdout.length).toBeGreaterThan(200_000)
    await endWorker(home)
  })

  it('leaves nothing running once the work is done', async () => {
    const home = await temporaryFolder()
    await handedOff(home, 'minutes.docx')
    await endWorker(home)
  })

  it('writes the file at once when the document is quick enough', async () => {
    const home = await temporaryFolder()
    const { stdout, exitCode } = await raincheck(home, [
      ...['convert', `${documents}minutes.docx`, '-o', home, '--async-timeout', '1h'],
    ])
    expect({ stdout, exitCode }).toEqual({ stdout: `${home}/minutes.md\n`, exitCode: 0 })
    expect(await readdir(home)).toContain('minutes.md')
    await endWorker(home)
  })

  it('tells the ref with --json', async () => {
    const home = await temporaryFolder()
    const { stdout } = await handedOff(home, 'minutes.docx', '--json')
    expect(JSON.parse(stdout)).toEqual({
      ref: expect.stringMatching(/^rc_/),
      status: expect.stringMatching(/^(pending|processing)$/),
    })
    await endWorker(home)
  })
})

describe('status, wait and result', () => {
  it('tell a live task apart from a settled one by output and exit code', async () => {
    const home = await temporaryFolder()
    const { ref } = await handedOff(home, 'handbook.pdf')
    // Waiting no time at all asks for this moment, at which 123 pages are not done.
    const waited = await raincheck(home, ['wait', ref, '--timeout', '0ms', '--json'])
    expect(waited.exitCode).toBe(4)
    const live = JSON.parse(waited.stdout)
    expect(live).toMatchObject({
      ref,
      name: 'convert-file',
      title: 'handbook.pdf',
      pollAfterMs: expect.any(Number),
    })
    expect((await raincheck(home, ['wait', ref])).exitCode).toBe(0)
    const status = await raincheck(home, ['status', ref, '--json'])
    expect(status.exitCode).toBe(0)
    const settled = JSON.parse(status.stdout)
    expect(settled).toMatchObject({ status: 'complete', ref, settledAt: expect.any(Number) })
    expect(settled).not.toHaveProperty('value')
    const result = await raincheck(home, ['result', ref, '--json'])
    expect(JSON.parse(result.stdout).value.markdown).toMatch(/^# Handbook for Observers/)
    await endWorker(home)
  })

  it('answer for an unknown ref with one line and exit code 3', async () => {
    const home = await temporaryFolder()
    for (const command of ['status', 'wait', 'result']) {
      const { stdout, stderr, exitCode } = await raincheck(home, [command, 'rc_0000000000000000000000'])
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 })
      expect(stderr).toMatch(/^raincheck: no task is known by the ref rc_0{22}.*\n$/)
    }
  })

  it('answer for an unknown ref with JSON when that was asked for', async () => {
    const home = await temporaryFolder()
    const { stdout } = await raincheck(home, ['status', 'rc_0000000000000000000000', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'REF_NOT_FOUND', message: expect.stringContaining('no task is known') },
    })
  })
})
