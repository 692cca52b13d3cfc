#!/usr/bin/env node
import { packageVersion } from '../package-version.js'

const { argv, stdout } = process

// A reader that has seen enough, such as `head`, closes the pipe; that is no failure of ours.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

// Answered before anything is loaded: scripts ask for the version often.
if (argv.length === 3 && (argv[2] === '--version' || argv[2] === '-V')) stdout.write(`${packageVersion()}\n`)
else process.exitCode = await (await import('./program.js')).run(argv.slice(2), packageVersion())
