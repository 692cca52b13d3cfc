import { fork } from 'node:child_process'
import type { Conversion, FileOutcome } from './convert-files.js'
import type { DetachedOrder, DetachedReport } from './detached-messages.js'

/** Converts documents in a process of its own, which outlives this one for what is not done in time. */
export function startDetached(order: DetachedOrder): Conversion {
  // Detached: out of the terminal's process group, so that closing the terminal does not end it.
  const worker = fork(new URL('./detached-main.js', import.meta.url), {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const outcomes = order.sources.map((source, index) => outcomeOf(worker, source, index))
  worker.send(order)
  return {
    outcomes,
    finish: async () => {
      if (worker.connected) worker.disconnect()
      worker.unref()
    },
    abort: async () => void worker.kill('SIGTERM'),
  }
}

function outcomeOf(worker: ReturnType<typeof fork>, source: string, index: number): Promise<FileOutcome> {
  return new Promise((resolve) => {
    const onMessage = (report: DetachedReport) => {
      if (report.index === index) end(report.outcome)
    }
    const onExit = () =>
      end({
        source,
        status: 'failed',
        error: { message: `${source}: the converting process ended; try again` },
      })
    const end = (outcome: FileOutcome) => {
      worker.off('message', onMessage)
      worker.off('exit', onExit)
      resolve(outcome)
    }
    worker.on('message', onMessage)
    worker.on('exit', onExit)
    worker.setMaxListeners(0)
  })
}
