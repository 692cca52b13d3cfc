// The process pool, against tinypool's child processes.
import { fileURLToPath } from 'node:url'
import Tinypool from 'tinypool'
import { createRaincheck, fromModule, processPool } from '../../dist/index.js'
import { compare, rate } from './harness.mjs'

const module = new URL('./trivial.mjs', import.meta.url)
const rain = createRaincheck({ backend: processPool({ size: 2 }) })
const call = rain.cached({ name: 'trivial', asyncTimeout: '1m' })(fromModule(module, 'trivial'))
const tinypool = new Tinypool({
  runtime: 'child_process',
  filename: fileURLToPath(module),
  name: 'trivial',
  minThreads: 2,
  maxThreads: 2,
})

let fresh = 0
await compare({
  name: 'process pool, trivial function (tinypool)',
  target: 0.8,
  rates: true,
  unit: '/s',
  ours: () => rate(3_000, 16, () => call({ n: ++fresh })),
  theirs: () => rate(3_000, 16, () => tinypool.run({ n: ++fresh })),
})
await rain.close()
await tinypool.destroy()
