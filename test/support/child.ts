import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { whenDone } from './when-done.js'

export interface Child {
  process: ChildProcess
  send(message: object): void
  /** The next message that has this property, or the one that came already. */
  next<T = unknown>(property: string): Promise<T>
  exited: Promise<number | null>
}

/** Starts a fixture, which is ended with the test if it has not ended by then. */
export function startFixture(name: string, ...args: string[]): Child {
  return startFixtureOn({}, name, ...args)
}

/** The same on another Node, or with options of Node. */
export function startFixtureOn(
  node: { execPath?: string; execArgv?: string[] },
  name: string,
  ...args: string[]
): Child {
  const child = fork(fixture(name), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], ...node })
  const inbox: Record<string, unknown>[] = []
  const waiting: (() => void)[] = []
  child.on('message', (message: Record<string, unknown>) => {
    inbox.push(message)
    for (const look of waiting.splice(0)) look()
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  whenDone(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const next = async <T>(property: string): Promise<T> => {
    for (;;) {
      const at = inbox.findIndex((message) => property in message)
      if (at >= 0) return inbox.splice(at, 1)[0]?.[property] as T
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  return { process: child, send: (message) => child.send(message), next, exited }
}

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
}
