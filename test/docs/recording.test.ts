import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { root } from './snippets.js'

const commands = [
  'raincheck convert minutes.docx',
  'raincheck formats | head -n 4',
  'raincheck convert handbook.pdf --background',
  'raincheck status rc_…',
  'raincheck wait rc_…',
  'raincheck result rc_… | head -n 8',
]

describe('the recording of the command line', () => {
  it('is made anew by its script, from what the commands print', async () => {
    const file = join(await temporaryFolder(), 'cli.svg')
    await promisify(execFile)(process.execPath, [join(root, 'scripts/record-cli.mjs'), file])
    await expectRecording(file)
  })

  it('in docs shows the same commands', () => expectRecording(join(root, 'docs/cli.svg')))
})

/** A picture of all commands, with what they print, that tells nothing of the machine it was made on. */
async function expectRecording(file: string): Promise<void> {
  const svg = await readFile(file, 'utf8')
  expect(svg.length).toBeLessThan(60_000)
  for (const path of [root, homedir(), tmpdir()]) expect(svg).not.toContain(path)
  const shown = textsOf(svg)
  const ref = /rc_\w{22,}/.exec(svg)?.[0] ?? 'a ref'
  expect(shown.command.map((text) => text.replace(ref, 'rc_…'))).toEqual(commands)
  expect(shown.output).toEqual(
    expect.arrayContaining([
      '~/minutes.md',
      'docx      .docx',
      ref,
      `handbook.pdf: complete (raincheck result ${ref})`,
      '# Handbook for Observers',
    ]),
  )
}

/** @throws when it is not well-formed. */
function textsOf(svg: string): Record<'prompt' | 'command' | 'output', string[]> {
  const texts = { prompt: [] as string[], command: [] as string[], output: [] as string[] }
  let kind: keyof typeof texts | undefined
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    kind = name === 'text' ? (attributes.class as keyof typeof texts) : undefined
  })
  parser.on('text', (text) => {
    if (kind) texts[kind].push(text)
  })
  parser.on('closetag', () => {
    kind = undefined
  })
  parser.write(svg).close()
  return texts
}
