import { writeSync } from 'node:fs'
import { exitCodes } from './exit-codes.js'

const STDOUT = 1

let stream: NodeJS.WriteStream | undefined

/** Prints on standard output. Not by Node's stream, which takes as long to load as a short command takes to run. */
export function writeOut(text: string): void {
  // A console of Windows takes what is written to its descriptor for text in another code page.
  if (stream || process.platform === 'win32') {
    watchStdout().write(text)
    return
  }
  let rest = Buffer.from(text)
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(STDOUT, rest))
  } catch (error) {
    // A pipe that does not block, and is full: the stream waits.
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') watchStdout().write(rest)
    else end(error as NodeJS.ErrnoException)
  }
}

/** Node's stream, for what writes to it by itself. What is printed after goes there, too. */
export function watchStdout(): NodeJS.WriteStream {
  if (!stream) {
    stream = process.stdout
    stream.on('error', end)
  }
  return stream
}

/** Readers such as `head` close the pipe early, which is not an error. */
function end({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit()
  process.stderr.write(`raincheck: standard output cannot be written: ${message}\n`)
  process.exit(exitCodes.failure)
}
