import { type ExitCode, exitCodes } from './exit-codes.js'

/** Listens for Ctrl-C and for a polite end. A second signal ends the process as if nobody listened. */
export function onSignals(onFirst: () => void): { received(): ExitCode | undefined; stop(): void } {
  let received: ExitCode | undefined
  const listeners = Object.entries(codes).map(([signal, code]) => {
    const listener = () => {
      received = code
      stop()
      onFirst()
    }
    process.once(signal, listener)
    return [signal, listener] as const
  })
  const stop = () => {
    for (const [signal, listener] of listeners) process.off(signal, listener)
  }
  return { received: () => received, stop }
}

const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated }
