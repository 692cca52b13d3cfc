import { describe, expect, it } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { documentFile, sample, toMarkdown } from './documents.js'

const from = async (name: string, content: string) => toMarkdown({ path: await documentFile(name, content) })

describe('test.json', () => {
  it('is a code block of its five keys', async () => {
    const markdown = await toMarkdown({ path: sample('test.json') })
    expect(markdown).toMatch(/^```json\n\{\n {2}"key1": "string_value",\n[\s\S]*\n\}\n```\n$/)
    expect(markdown.match(/^ {2}"/gm)).toHaveLength(5)
    expect(markdown).toContain('"key3": [\n    "list_value1",\n    "list_value2"\n  ]')
    expect(markdown).toContain('"5b64c88c-b3c3-4510-bcb8-da0b200602d8": "uuid_key"')
    expect(markdown).toContain('"uuid_value": "9700dc99-6685-40b4-9a3a-5e406dcb37f3"')
  })
})

describe('JSON', () => {
  it('is indented where it is written in one line', async () => {
    expect(await from('a.json', '{"a":[1,{"b":"x, {y}"}],"c":[],"d":{}}')).toBe(
      '```json\n{\n  "a": [\n    1,\n    {\n      "b": "x, {y}"\n    }\n  ],\n  "c": [],\n  "d": {}\n}\n```\n',
    )
  })

  it('keeps long numbers, escapes and doubled keys as they are written', async () => {
    const markdown = await from('a.json', '{"n":12345678901234567890.10,"e":"\\u00e9\\"","n":1e400}')
    expect(markdown).toContain('"n": 12345678901234567890.10,\n  "e": "\\u00e9\\"",\n  "n": 1e400')
  })

  it('is fenced by more backticks than it holds', async () => {
    expect(await from('a.jsonl', '"a"\n')).toBe('```jsonl\n"a"\n```\n')
    expect(await from('a.yaml', 'a: |\n  ```\n  code\n  ```\n')).toMatch(/^````yaml\n[\s\S]*\n````\n$/)
  })

  it('is refused when it is no JSON, with the reason and the line', async () => {
    const broken = await documentFile('a.json', '{"a": 1,}')
    await expect(convert({ path: broken })).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringMatching(/no valid JSON \(.*\); mend it/),
    })
    const lines = await documentFile('a.jsonl', '{"a":1}\n\n{"a":\n')
    await expect(convert({ path: lines })).rejects.toThrow(/no valid JSON in line 3/)
  })

  it('is written in bounded space however deep it is', async () => {
    const depth = 50_000
    const markdown = await from('a.json', `${'[1,'.repeat(depth)}2${']'.repeat(depth)}`)
    expect(markdown.length).toBeLessThan(depth * 300)
  })
})

describe('JSON Lines', () => {
  it('keeps its lines', async () => {
    expect(await from('a.ndjson', '{"a":1}\r\n{"a":2}\r\n')).toBe('```jsonl\n{"a":1}\n{"a":2}\n```\n')
  })
})
