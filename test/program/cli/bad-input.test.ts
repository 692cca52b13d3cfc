import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Ended, processesOf, raincheck, samples } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const encryptedPdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
3 0 obj<</Filter/Standard/V 1/R 2/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>/P -44>>endobj
trailer<</Size 4/Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]>>
startxref
0
%%EOF
`

const cases: [
  what: string,
  file: string,
  make: () => Promise<Buffer | string | undefined>,
  expected: RegExp,
][] = [
  ['a missing file', 'missing.html', async () => undefined, /missing\.html: no such file/],
  ['an empty file', 'empty.html', async () => '', /empty\.html: is empty/],
  ['random bytes named .html', 'noise.html', () => readFile(`${samples}random.bin`), /noise\.html: /],
  [
    'a truncated DOCX',
    'cut.docx',
    async () => (await readFile(`${samples}test.docx`)).subarray(0, 60_000),
    /cut\.docx: /,
  ],
  ['an encrypted PDF', 'locked.pdf', async () => encryptedPdf, /locked\.pdf: .*(password|encrypted)/],
  [
    'an unsupported extension',
    'notes.xyz',
    async () => 'some text',
    /notes\.xyz: .*not supported; supported are .*\.docx/,
  ],
]

function expectRefused(ended: Ended, message: RegExp): void {
  expect(ended.exitCode).toBe(1)
  expect(ended.stdout).toBe('')
  expect(ended.stderr).toMatch(/^raincheck: [^\n]+\n$/)
  expect(ended.stderr).toMatch(message)
}

describe.each(cases)('%s', (_, file, make, message) => {
  it('is refused with one line on stderr and exit code 1, and nothing is written or left running', async () => {
    const home = await temporaryFolder()
    await mkdir(join(home, 'in'))
    const content = await make()
    if (content !== undefined) await writeFile(join(home, 'in', file), content)
    expectRefused(await raincheck(home, ['convert', `in/${file}`]), message)
    expectRefused(await raincheck(home, ['convert', `in/${file}`, '-o', 'out']), message)
    expect(await readdir(join(home, 'in'))).toEqual(content === undefined ? [] : [file])
    expect(await readdir(home)).not.toContain('out')
    if (process.platform === 'linux') expect(processesOf(home)).toEqual([])
  })
})

describe('a wrong command line', () => {
  it.each([
    [['convert'], /missing required argument 'path'/],
    [['convert', 'a.html', '--async-timeout', 'soon'], /Give a number with a unit/],
    [['convert', 'a.html', '--remote-images', 'drop'], /Allowed choices are strip, keep/],
    [['convert', 'a.html', '--max-file-bytes', 'much'], /Give a number of bytes/],
    [['convert', 'a.html', '--max-pages', '0'], /Give a whole number of 1 or more/],
    [['convert', 'a.html', '--colour'], /unknown option '--colour'/],
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['wait'], /missing required argument 'ref'/],
    [['status', '--status', 'done'], /Give one of pending, processing/],
    [['queue', 'stop'], /Allowed choices are pause, resume/],
  ])('%j ends with 2 and says what is wrong', async (args, message) => {
    const home = await temporaryFolder()
    const { stdout, stderr, exitCode } = await raincheck(home, args)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(message)
  })
})

describe('a data directory that cannot be used', () => {
  it('costs a conversion nothing, but a ref cannot be redeemed there', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'data'), 'a file where the folder should be')
    await writeFile(join(home, 'page.html'), '<html><body><h1>Rain</h1><p>Much of it.</p></body></html>')
    const converted = await raincheck(home, ['convert', 'page.html', '--stdout'])
    expect(converted.stdout).toBe('# Rain\n\nMuch of it.\n')
    expect(converted.exitCode).toBe(0)
    const status = await raincheck(home, ['status', 'rc_0000000000000000000000'])
    expect(status.exitCode).toBe(1)
    expect(status.stderr).toMatch(/^raincheck: cannot use the store .*data.*\n$/)
    expect(await readFile(join(home, 'data'), 'utf8')).toBe('a file where the folder should be')
  })
})
