#!/usr/bin/env node
import { readFileSync } from 'node:fs'

const { argv, stdout } = process

// A reader that has seen enough, such as `head`, closes the pipe; that is no failure of ours.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

// Answered before anything is loaded: scripts ask for the version often.
if (argv.length === 3 && (argv[2] === '--version' || argv[2] === '-V')) stdout.write(`${version()}\n`)
else process.exitCode = await (await import('./program.js')).run(argv.slice(2), version())

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
