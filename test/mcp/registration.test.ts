import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import { registerCachedTool, registerTaskTools, type ToolHost } from '../../src/mcp/index.js'
import { peers } from './peers.js'

const host: ToolHost = { registerTool: () => {} }
const input = z.object({ n: z.number() })

function wrapped(options: object) {
  return createRaincheck().cached({ name: 'f', asyncTimeout: '1s', input, ...options })(async () => 1)
}

describe('registering refuses', () => {
  it.each([
    'status',
    'ref',
    'progress',
    'pollAfterMs',
    'expiresAt',
    'nextStep',
    'pageText',
    'nextOffset',
    'total',
    'error',
  ])('an output field %s, which a result has itself, by its name', (field) => {
    const output = z.object({ fine: z.string(), [field]: z.string() })
    expect(() => registerCachedTool(host, 'f', wrapped({ output }))).toThrow(
      new RegExp(`tool 'f': the field '${field}' of the function's \`output\``),
    )
  })

  it('an input field responseFormat by its name', () => {
    const taken = z.object({ responseFormat: z.string() })
    expect(() => registerCachedTool(host, 'f', wrapped({ input: taken }))).toThrow(
      /the field 'responseFormat' of the function's `input`/,
    )
  })

  it.each([
    ['none', undefined, /`input` must be an object schema.*got none/],
    ['a text', z.string(), /must be an object schema.*got another schema/],
    ['a union', z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), /got another schema/],
    ['a record', z.record(z.string(), z.string()), /got another schema/],
  ])('%s as input, and says what to do', (_, given, message) => {
    expect(() => registerCachedTool(host, 'f', wrapped({ input: given }))).toThrow(message)
  })

  it('a window that never ends', () => {
    const endless = wrapped({ asyncTimeout: Number.POSITIVE_INFINITY })
    expect(() => registerCachedTool(host, 'f', endless)).toThrow(/asyncTimeout must end.*'20s'/)
    expect(() => registerCachedTool(host, 'f', endless, { asyncTimeout: '20s' })).not.toThrow()
  })

  it.each([
    [{ asyncTimeout: 'soon' }, /tool 'f': asyncTimeout must be milliseconds/],
    [{ scope: 'ann' }, /tool 'f': scope must be a function, got 'ann'/],
    [{ title: null }, /tool 'f': title must be a string, got null/],
    [{ annotations: null }, /tool 'f': annotations must be an object, got null/],
    [{ descripton: 'x' }, /there is no option 'descripton'; known are title, description/],
  ])('the options %j', (options, message) => {
    expect(() => registerCachedTool(host, 'f', wrapped({}), options as object)).toThrow(message)
  })

  it.each([
    [{ saveTo: ['/tmp'] }, /registerTaskTools: saveTo must be a function/],
    [{ admin: 'yes' }, /admin must be a boolean, got 'yes'/],
    [{ function: [] }, /there is no option 'function'/],
    [{ waitSeconds: '7s' }, /waitSeconds must be a number, got '7s'/],
    [{ waitSeconds: 0 }, /registerTaskTools: waitSeconds must be from 1 to 50, got 0/],
    [{ waitSeconds: 51 }, /waitSeconds must be from 1 to 50, got 51/],
    [{ functions: null }, /functions must be an object, got null/],
    [{ functions: { f: wrapped({}) } }, /functions must be a list of wrapped functions/],
  ])('the options %j of the task tools', (options, message) => {
    expect(() => registerTaskTools(host, createRaincheck(), options as object)).toThrow(message)
  })

  it('two functions of one name', () => {
    const functions = [wrapped({}), wrapped({ version: '2' })]
    expect(() => registerTaskTools(host, createRaincheck(), { functions })).toThrow(/two of the name 'f'/)
  })
})

describe.each(peers)('on %s', (_, connect) => {
  it('a host in between may change arguments and results', async () => {
    const rain = createRaincheck()
    const square = rain.cached({ name: 'square', asyncTimeout: '1s', input })(async ({ n }) => n * n)
    const { call } = await connect((server) => {
      const doubling: ToolHost = {
        registerTool: (name, config, handler) =>
          server.registerTool(name, config, (args, context) => handler({ n: Number(args.n) * 2 }, context)),
      }
      registerCachedTool(doubling, 'square', square)
    })
    expect((await call('square', { n: 3 })).content).toEqual([{ type: 'text', text: '36' }])
  })

  it('a schema that refers to itself is published', async () => {
    const node = z.object({
      name: z.string(),
      get children() {
        return z.array(node).optional()
      },
    })
    const rain = createRaincheck()
    const names = rain.cached({
      name: 'names',
      asyncTimeout: '1s',
      input: z.object({ tree: node }),
      output: node,
    })(async ({ tree }) => tree)
    const { call } = await connect((server) => {
      registerCachedTool(server, 'names', names)
      registerTaskTools(server, rain, { functions: [names] })
    })
    const tree = { name: 'a', children: [{ name: 'b' }] }
    expect((await call('names', { tree })).structuredContent).toEqual(tree)
  })

  it('what an input has for people and defaults is published', async () => {
    const described = z.object({ n: z.number().min(1).default(2).describe('How many') })
    const { tools } = await connect((server) => {
      registerCachedTool(server, 'f', wrapped({ input: described }), {
        ...{ title: 'The f', description: 'Does f.', annotations: { readOnlyHint: true } },
      })
    })
    expect(await tools()).toMatchObject([
      {
        ...{ title: 'The f', annotations: { readOnlyHint: true } },
        description: expect.stringMatching(/^Does f\.\n\nAnswers within 1 s.*get_task_result/),
        inputSchema: { properties: { n: { minimum: 1, default: 2, description: 'How many' } } },
      },
    ])
  })
})
