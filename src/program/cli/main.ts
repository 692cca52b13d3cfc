#!/usr/bin/env node
import { packageVersion } from '../../package-version.js'
import { exitCodes } from './exit-codes.js'

const { argv, stdout, stderr } = process

// A reader that has seen enough, such as `head`, closes the pipe; that is no failure of ours.
stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit()
  stderr.write(`raincheck: standard output cannot be written: ${message}\n`)
  process.exit(exitCodes.failure)
})

// Answered before anything is loaded: scripts ask for the version often.
if (argv.length === 3 && (argv[2] === '--version' || argv[2] === '-V')) stdout.write(`${packageVersion()}\n`)
else process.exitCode = await (await import('./program.js')).run(argv.slice(2), packageVersion())
