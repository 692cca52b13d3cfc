import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import { registerCachedTool, registerTaskTools } from '../../src/mcp/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { peers, textOf } from './peers.js'

interface Page {
  markdown: string
  words: number
}

describe.each(peers)('a value that reads in its own way, on %s,', (_, connect) => {
  /** A tool whose value is an object, and reads as the Markdown in it. */
  async function reading(markdown: string, asyncTimeout?: number) {
    const rain = createRaincheck()
    const output = z.object({ markdown: z.string(), words: z.number() })
    const options = { name: 'f', asyncTimeout: '5s', ttl: '1h', input: z.object({}), output } as const
    const wrapped = rain.cached(options)(() => ({ markdown, words: 2 }))
    const text = (value: unknown) => (value as Page).markdown
    const folder = await temporaryFolder()
    const { call } = await connect((host) => {
      registerCachedTool(host, 'f', wrapped, {
        text,
        ...(asyncTimeout === undefined ? {} : { asyncTimeout }),
      })
      registerTaskTools(host, rain, { text, functions: [wrapped], saveTo: (name) => join(folder, name) })
    })
    const ref = (await call('start_task', { function: 'f', input: {} })).structuredContent?.ref
    return { call, ref, folder }
  }

  it('is that text, beside the object', async () => {
    const { call } = await reading('# Two words\n')
    const result = await call('f')
    expect(textOf(result)).toBe('# Two words\n')
    expect(result.structuredContent).toEqual({ markdown: '# Two words\n', words: 2 })
  })

  it('comes in pages of that text', async () => {
    const { call, ref } = await reading('line\n'.repeat(4_000))
    const first = (await call('f')).structuredContent
    expect(first).toMatchObject({ pageText: 'line\n'.repeat(1_600), nextOffset: 8_000, total: 20_000 })
    const second = await call('get_task_result', { ref, offset: 8_000 })
    expect(second.structuredContent?.pageText).toBe('line\n'.repeat(1_600))
  })

  it('is saved as that text', async () => {
    const { call, ref, folder } = await reading('# Two words\n')
    await call('get_task_result', { ref, saveTo: 'page.md' })
    expect(await readFile(join(folder, 'page.md'), 'utf8')).toBe('# Two words\n')
  })

  it('is not told by a tool that hands off at once, also where it exists already', async () => {
    const { call, ref } = await reading('# Two words\n', 0)
    await call('get_task_result', { ref })
    const { content, structuredContent } = await call('f')
    expect(structuredContent).toMatchObject({ status: 'complete', ref })
    expect(structuredContent).not.toHaveProperty('markdown')
    expect(JSON.parse(content[0]?.text ?? '')).toEqual(structuredContent)
  })
})
