import { type ExitCode, exitCodes } from './exit-codes.js'

/** What a process was told. */
interface Signals {
  /** Aborted by the first. */
  signal: AbortSignal
  /** The exit code that says which it was. */
  received(): ExitCode | undefined
  /** Listens no more. */
  stop(): void
}

/** Listens for Ctrl-C and for a polite end. A second signal ends the process as if nobody listened. */
export function onSignals(onFirst?: () => void): Signals {
  const ending = new AbortController()
  let received: ExitCode | undefined
  const listeners = Object.entries(codes).map(([name, code]) => {
    const listener = () => {
      received = code
      stop()
      ending.abort()
      onFirst?.()
    }
    process.once(name, listener)
    return [name, listener] as const
  })
  const stop = () => {
    for (const [name, listener] of listeners) process.off(name, listener)
  }
  return { signal: ending.signal, received: () => received, stop }
}

const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated }
