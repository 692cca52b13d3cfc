/**
 * Turns what is written to stdout and stderr into lines. They go the same way as the value and before it, where the
 * pipes would give no order: a line would be told of the next task in this process.
 */
export class OutputLines {
  readonly #onLine: (line: string) => void
  readonly #rests = new Map<NodeJS.WriteStream, string>()

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
    for (const stream of [process.stdout, process.stderr]) this.#takeOver(stream)
  }

  /** Gives out what has no line break yet. */
  flush(): void {
    for (const rest of this.#rests.values()) if (rest !== '') this.#onLine(rest)
    this.#rests.clear()
  }

  #takeOver(stream: NodeJS.WriteStream): void {
    stream.write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
      const lines = ((this.#rests.get(stream) ?? '') + text).split('\n')
      this.#rests.set(stream, lines.pop() ?? '')
      for (const line of lines) if (line !== '') this.#onLine(line)
      const done = more.at(-1)
      if (typeof done === 'function') done()
      return true
    }
  }
}
