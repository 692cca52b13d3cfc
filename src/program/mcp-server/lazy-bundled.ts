import type { CallOptions, Raincheck } from '../../index.js'
import type { TaskSource, WrappedFunction } from '../../mcp/index.js'
import type { Bundled, Offers } from '../documents/open-bundled.js'

/**
 * The bundled functions, loaded by their first use: a hundred modules that the list of tools can do without. What tools
 * tell of a function is in its offer.
 */
export class LazyBundled implements TaskSource {
  readonly convert: WrappedFunction
  readonly convertBatch: WrappedFunction
  readonly #open: () => Promise<Bundled>
  #opening: Promise<Bundled> | undefined
  #rain: Raincheck | undefined

  constructor(offers: Offers, open: () => Promise<Bundled>) {
    this.#open = open
    this.convert = this.#lazily('convert', offers.convert, (bundled) => bundled.convert)
    this.convertBatch = this.#lazily('convert-batch', offers.convertBatch, (bundled) => bundled.convertBatch)
  }

  load(): Promise<Bundled> {
    this.#opening ??= this.#open().then((bundled) => {
      this.#rain = bundled.rain
      return bundled
    })
    return this.#opening
  }

  /** Undefined until the first use: then nothing runs. */
  get rain(): Raincheck | undefined {
    return this.#rain
  }

  /** Known to whoever has an answer. */
  get retention(): number {
    return this.#rain?.retention ?? Number.POSITIVE_INFINITY
  }

  scope(id: string): ReturnType<TaskSource['scope']> {
    const tasks = async () => (await this.load()).rain.scope(id)
    return {
      poll: async (ref, options) => (await tasks()).poll(ref, options),
      answer: async (ref, answers) => (await tasks()).answer(ref, answers),
      cancel: async (ref) => (await tasks()).cancel(ref),
      retry: async (ref, options) => (await tasks()).retry(ref, options),
      list: async (options) => (await tasks()).list(options),
    }
  }

  #lazily(
    name: string,
    { asyncTimeout, input, output }: Offers['convert'] | Offers['convertBatch'],
    choose: (bundled: Bundled) => WrappedFunction,
  ): WrappedFunction {
    const call = async (value: never, options?: CallOptions) => choose(await this.load())(value, options)
    const rain = () => this.retention
    const told = {
      ...{ asyncTimeout, input, output },
      get retention() {
        return rain()
      },
    }
    return Object.defineProperty(Object.assign(call, { options: told }), 'name', { value: name })
  }
}
