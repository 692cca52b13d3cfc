// npm run fuzz -- [seed] [part of a name]: damages documents, and looks what the converters make of them.
import { createJiti } from 'jiti'

const [seed = String(Date.now() % 1_000_000), only = ''] = process.argv.slice(2)
if (!/^\d+$/.test(seed)) throw new Error(`the seed must be a whole number, got '${seed}'`)
// What breaks here breaks the caller of the library.
process.on('unhandledRejection', (error) => {
  throw error
})
const { fuzz } = await createJiti(import.meta.url).import('./run.ts')
process.exitCode = (await fuzz(Number(seed), only)) ? 0 : 1
