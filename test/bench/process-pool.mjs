// The process pool, against tinypool's child processes.
import { fileURLToPath } from 'node:url'
import Tinypool from 'tinypool'
import { createRaincheck, fromModule, processPool } from '../../dist/index.js'
import { compare, rate } from './harness.mjs'

const PROCESSES = 2
const module = new URL('./trivial.mjs', import.meta.url)
let fresh = 0
const inFlight = (call) => () => rate(3_000, 32, () => call({ n: ++fresh }))

await compare({
  name: 'process pool, trivial function (tinypool)',
  file: import.meta.url,
  target: 0.8,
  rates: true,
  unit: '/s',
  ours: () => {
    const rain = createRaincheck({ backend: processPool({ size: PROCESSES }) })
    return inFlight(rain.cached({ name: 'trivial', asyncTimeout: '1m' })(fromModule(module, 'trivial')))
  },
  theirs: () => {
    const size = { minThreads: PROCESSES, maxThreads: PROCESSES }
    const options = { runtime: 'child_process', filename: fileURLToPath(module), name: 'trivial', ...size }
    const pool = new Tinypool(options)
    return inFlight((input) => pool.run(input))
  },
})
