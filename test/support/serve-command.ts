import { onTestFinished } from 'vitest'
import { endWorker } from './cli.js'
import { type Running, startCommand } from './command.js'

/** Starts `raincheck serve` on a free port, and resolves once it listens. */
export async function serve(
  home: string,
  args: string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<Running & { url: string }> {
  onTestFinished(() => endWorker(home))
  const running = startCommand(home, ['serve', ...args, '--port', '0'], variables)
  return { ...running, url: (await running.says('stdout', /\n/)).trim() }
}
