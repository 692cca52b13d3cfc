import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { exitCodes } from '../../src/program/cli/exit-codes.js'
import { raincheck } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { root } from './snippets.js'
import { namesIn, rowsBelow } from './tables.js'

const page = 'docs/reference/cli.md'
const text = await readFile(join(root, page), 'utf8')
const commands = [...text.matchAll(/^## `raincheck (\w+)(.*)`$/gm)].map(
  ([heading, name = '', rest = '']) => ({
    heading: heading.slice('## '.length),
    name,
    arguments: rest.trim(),
  }),
)

describe('the reference of the command line', () => {
  it('has every command, and every global option', async () => {
    const help = await helpOf([])
    const listed = [...section(help, 'Commands').matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name)
    expect(['help', ...commands.map(({ name }) => name)].sort()).toEqual(listed.sort())
    expect((await flagsBelow('Global options')).sort()).toEqual(flagsIn(section(help, 'Options')))
  })

  it.each(commands)('has every option of $name, and no other', async ({ name, heading }) => {
    const listed = [
      ...(await flagsBelow(heading)),
      ...(name === 'convert' ? await flagsBelow('Conversion options') : []),
    ]
    expect([...listed, '-h', '--help'].sort()).toEqual(flagsIn(section(await helpOf([name]), 'Options')))
  })

  it('has every exit code', async () => {
    const codes = (await rowsBelow(page, 'Exit codes')).map(([code]) => Number(code))
    expect(codes).toEqual(Object.values(exitCodes))
  })

  it('has every environment variable', async () => {
    const files = globSync('src/**/*.ts', { cwd: root })
    const sources = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')))
    const used = new Set(sources.join('\n').match(/\bRAINCHECK_[A-Z_]*[A-Z]\b/g))
    const listed = (await rowsBelow(page, 'Environment variables')).map(([name]) => namesIn(name)[0])
    expect(listed.sort()).toEqual([...used].sort())
  })
})

async function helpOf(args: string[]): Promise<string> {
  const { stdout } = await raincheck(await temporaryFolder(), [...args, '--help'])
  return stdout
}

/** What stands below a title of the help, up to the next. */
function section(help: string, title: string): string {
  return help.split(`\n${title}:\n`)[1]?.split(/\n\n/)[0] ?? ''
}

/** The flags of an option's line, such as `-o, --output <dir>`; other lines go on with the one before. */
function flagsIn(lines: string): string[] {
  return [...lines.matchAll(/^ {2}(-.*?)(?: {2}|$)/gm)]
    .flatMap(([, flags = '']) => flags.match(/--?[\w-]+/g) ?? [])
    .sort()
}

async function flagsBelow(heading: string): Promise<string[]> {
  const rows = await rowsBelow(page, heading)
  return rows.flatMap(([option]) => namesIn(option).map((flag) => flag.replace(/ .*/, '')))
}
