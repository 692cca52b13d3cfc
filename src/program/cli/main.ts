#!/usr/bin/env node
import { packageVersion } from '../../package-version.js'
import { keepCompiledCode } from './code-cache.js'
import { writeOut } from './stdout.js'

const args = process.argv.slice(2)

// Answered before anything is loaded: scripts ask for the version often.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) writeOut(`${packageVersion()}\n`)
else {
  const version = packageVersion()
  keepCompiledCode(version)
  process.exitCode = await (await import('./program.js')).run(args, version)
}
