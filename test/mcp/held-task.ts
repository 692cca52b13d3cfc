import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import { registerTaskTools, type TaskToolsOptions, type ToolHost } from '../../src/mcp/index.js'
import { heldFunction } from '../support/rain.js'
import type { Peer } from './peers.js'

const input = z.object({ n: z.number() })

/** A function that runs until the test ends it, and a client of its task tools. */
export async function heldTask(
  connect: (register: (host: ToolHost) => void) => Promise<Peer>,
  options: Omit<TaskToolsOptions, 'functions'> = {},
) {
  const rain = createRaincheck()
  const { work, ...rest } = heldFunction<{ n: number }>()
  const wrapped = rain.cached({ name: 'f', asyncTimeout: 0, input, title: ({ n }) => `number ${n}` })(work)
  const { call, tools } = await connect((host) =>
    registerTaskTools(host, rain, { ...options, functions: [wrapped] }),
  )
  const start = async (n: number) => (await wrapped({ n }, { scope: options.scope?.({}) ?? '' })).ref
  return { rain, wrapped, call, tools, start, ...rest }
}
