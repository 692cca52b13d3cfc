import { expectTypeOf } from 'vitest'
import { z } from 'zod'
import {
  type Answer,
  type CallAnswer,
  type CompleteAnswer,
  createRaincheck,
  fromModule,
  isRef,
  type Ref,
  type TaskHandle,
} from '../../src/index.js'

const rain = createRaincheck()

// Without a schema the function's own parameter gives the input.
{
  const square = rain.cached({ name: 'square', asyncTimeout: '5s' })(async ({ n }: { n: number }, task) => {
    expectTypeOf(task).toEqualTypeOf<TaskHandle>()
    return n * n
  })
  expectTypeOf(square).parameter(0).toEqualTypeOf<{ n: number }>()
  expectTypeOf(square({ n: 2 })).resolves.toEqualTypeOf<CallAnswer<number>>()
  expectTypeOf(square.value({ n: 2 })).resolves.toEqualTypeOf<number>()
  // @ts-expect-error the input is not optional
  square()
  // @ts-expect-error n is a number
  square({ n: 'two' })
}

// A function that is not async gives its value's type all the same.
{
  const half = rain.cached({ name: 'half', asyncTimeout: 0 })((n: number) => n / 2)
  expectTypeOf(half.value(4)).resolves.toEqualTypeOf<number>()
}

// A schema gives callers its input, and the function its output.
{
  const input = z.object({ n: z.string().transform(Number), times: z.number().default(1) })
  const times = rain.cached({
    name: 'times',
    asyncTimeout: '5s',
    input,
    key: (parsed) => {
      expectTypeOf(parsed).toEqualTypeOf<{ n: number; times: number }>()
      return parsed.n
    },
    title: ({ n }) => `times ${n.toFixed()}`,
    check: ({ times }) => void expectTypeOf(times).toEqualTypeOf<number>(),
  })(async (parsed) => {
    expectTypeOf(parsed).toEqualTypeOf<{ n: number; times: number }>()
    return [parsed.n]
  })
  expectTypeOf(times).parameter(0).toEqualTypeOf<{ n: string; times?: number | undefined }>()
  expectTypeOf(times.value({ n: '1' })).resolves.toEqualTypeOf<number[]>()
  // @ts-expect-error callers give what the schema takes, not what it makes
  times({ n: 1 })
}

// `output` gives the value its type, with an input schema and without.
{
  const output = z.object({ at: z.string().transform((text) => new Date(text)) })
  const plain = rain.cached({ name: 'plain', asyncTimeout: 0, output })(async (text: string) => ({
    at: text,
  }))
  expectTypeOf(plain).parameter(0).toEqualTypeOf<string>()
  expectTypeOf(plain.value('x')).resolves.toEqualTypeOf<{ at: Date }>()
  const both = rain.cached({ name: 'both', asyncTimeout: 0, input: z.string(), output })(async (text) => ({
    at: text,
  }))
  expectTypeOf(both).parameter(0).toEqualTypeOf<string>()
  expectTypeOf(both.value('x')).resolves.toEqualTypeOf<{ at: Date }>()
}

// `key` and `title` may say what the input is, where the function does not.
{
  const shout = rain.cached({ name: 'shout', asyncTimeout: 0, key: (text: string) => text.length })(
    async (text) => text.toUpperCase(),
  )
  expectTypeOf(shout).parameter(0).toEqualTypeOf<string>()
}

// The short form takes a named function, and an input that may be left out.
{
  async function greet(name: string): Promise<`hello ${string}`> {
    return `hello ${name}`
  }
  const greeted = rain.cached('5s')(greet)
  expectTypeOf(greeted).parameter(0).toEqualTypeOf<string>()
  expectTypeOf(greeted.value('you')).resolves.toEqualTypeOf<`hello ${string}`>()
  rain.cached(5_000)(async function timed() {})
  // @ts-expect-error no duration
  rain.cached(true)
  const now = rain.cached('5s')(async function now() {
    return new Date()
  })
  expectTypeOf(now()).resolves.toEqualTypeOf<CallAnswer<Date>>()
  expectTypeOf(now.value()).resolves.toEqualTypeOf<Date>()
  const maybe = rain.cached({ name: 'maybe', asyncTimeout: 0 })(async (n?: number) => n ?? 0)
  expectTypeOf(maybe.value()).resolves.toEqualTypeOf<number>()
  expectTypeOf(maybe.value(3)).resolves.toEqualTypeOf<number>()
}

// fromModule gives the types of the export that it names.
{
  const url = new URL('./work.js', import.meta.url)
  type Module = {
    convert(input: { path: string }, task: TaskHandle): Promise<Buffer>
    limit: number
  }
  const convert = rain.cached({ name: 'convert', asyncTimeout: 0 })(
    fromModule<Module, 'convert'>(url, 'convert'),
  )
  expectTypeOf(convert).parameter(0).toEqualTypeOf<{ path: string }>()
  expectTypeOf(convert.value({ path: 'x' })).resolves.toEqualTypeOf<Buffer>()
  const same = rain.cached({ name: 'same', asyncTimeout: 0 })(fromModule<Module>(url, 'convert'))
  expectTypeOf(same.value({ path: 'x' })).resolves.toEqualTypeOf<Buffer>()
  // @ts-expect-error there is no such export
  fromModule<Module>(url, 'convrt')
  // @ts-expect-error this export is no function
  fromModule<Module>(url, 'limit')
  // @ts-expect-error "write the type of the module: fromModule<typeof import('./work.js')>(url, name)"
  fromModule(url, 'convert')
}

// What is not annotated, and comes before the function, has a type that says what to write.
{
  const options = { name: 'unannotated', asyncTimeout: 0 } as const
  // @ts-expect-error Property 'id' does not exist on type 'Write<"the type of the input, such as (input: { id: string }) => …">'
  rain.cached({ ...options, key: (input) => input.id })(async (input: { id: string }) => input.id)
  // @ts-expect-error Property 'length' does not exist on type 'Write<"the type of the value, such as (value: string[]) => …">'
  rain.cached({ ...options, ttl: (value) => value.length })(async (id: string) => [id])
  rain.cached({ ...options, key: (input: { id: string }) => input.id, title: (input) => input.id })(
    async (input: { id: string; n: number }) => input.n,
  )
}

// A function of `ttl` names the value, unless `output` does.
{
  const options = { name: 'ttl', asyncTimeout: 0 } as const
  const found = rain.cached({ ...options, ttl: (value: string[]) => (value.length === 0 ? 0 : '1h') })(
    async (n: number) => Array<string>(n).fill(''),
  )
  expectTypeOf(found.value(1)).resolves.toEqualTypeOf<string[]>()
  // @ts-expect-error the function gives another value
  rain.cached({ ...options, ttl: (value: string[]) => value.length })(async () => 5)
  const both = rain.cached({
    ...options,
    input: z.object({ ms: z.number() }),
    output: z.string(),
    ttl: (value, { ms }) => {
      expectTypeOf(value).toEqualTypeOf<string>()
      return ms
    },
  })(async ({ ms }) => ms.toFixed())
  expectTypeOf(both.value({ ms: 1 })).resolves.toEqualTypeOf<string>()
}

// One wrapped for each object keeps the types of its method.
{
  class Reports {
    readonly report
    constructor(readonly tenant: string) {
      this.report = rain.cached({ name: 'report', asyncTimeout: '5s', instance: tenant })(
        (input: { month: string }) => this.#load(input),
      )
    }

    async #load({ month }: { month: string }): Promise<{ month: string; tenant: string }> {
      return { month, tenant: this.tenant }
    }
  }
  const { report } = new Reports('ada')
  expectTypeOf(report).parameter(0).toEqualTypeOf<{ month: string }>()
  expectTypeOf(report.value({ month: '' })).resolves.toEqualTypeOf<{ month: string; tenant: string }>()
}

// `peek` and `forget` take what tells a call from others.
{
  const double = rain.cached({ name: 'double', asyncTimeout: 0, ttl: '1h' })(async (n: number) => 2 * n)
  expectTypeOf(double.peek(2, { scope: 'a' })).resolves.toEqualTypeOf<Answer<number> | undefined>()
  expectTypeOf(double.forget(2)).resolves.toEqualTypeOf<void>()
  // @ts-expect-error no option of these
  double.peek(2, { refresh: true })
  // @ts-expect-error n is a number
  double.forget('two')
  const answer = await double(2, { metadata: { user: 'ada' } })
  expectTypeOf(answer.metadata).toEqualTypeOf<unknown>()
}

// A text of the environment is taken as a duration or a store, and checked when it is used.
{
  const { WINDOW = '5s', STORE = 'sqlite' } = process.env
  createRaincheck({ store: STORE, retention: WINDOW, maxWaiting: 100 })
  const f = rain.cached({ name: 'env', asyncTimeout: WINDOW, ttl: WINDOW })(async () => 1)
  await f(undefined, { asyncTimeout: WINDOW })
  rain.cached(WINDOW)(async function named() {})
  // @ts-expect-error a variable that may be missing
  createRaincheck({ retention: process.env.RETENTION })
}

// A ref carries the type of its value to poll and retry; the answer is told apart by its status.
{
  const f = rain.cached({ name: 'f', asyncTimeout: 0 })(async () => 5n)
  const answer = await f()
  expectTypeOf(answer.ref).toEqualTypeOf<Ref<bigint>>()
  expectTypeOf(answer.status).toEqualTypeOf<'complete' | 'pending' | 'processing'>()
  if (answer.status === 'complete') expectTypeOf(answer.value).toEqualTypeOf<bigint>()
  else expectTypeOf(answer.pollAfterMs).toEqualTypeOf<number>()
  const polled = await rain.poll(answer.ref, { wait: '1s' })
  expectTypeOf(polled).toEqualTypeOf<Answer<bigint>>()
  expectTypeOf<Extract<typeof polled, { status: 'complete' }>>().toEqualTypeOf<CompleteAnswer<bigint>>()
  if (polled.status === 'failed') expectTypeOf(polled.retryable).toEqualTypeOf<boolean>()
  expectTypeOf(rain.retry(answer.ref)).resolves.toEqualTypeOf<CallAnswer<bigint>>()
  expectTypeOf(rain.scope('s').poll(answer.ref)).resolves.toEqualTypeOf<Answer<bigint>>()
  // A text from elsewhere is a ref of an unknown value.
  const text: string = answer.ref
  expectTypeOf(rain.poll(text)).resolves.toEqualTypeOf<Answer<unknown>>()
  const given: unknown = text
  if (isRef(given)) expectTypeOf(given).toEqualTypeOf<Ref>()
}

// What is misspelt or of another type is refused.
// @ts-expect-error asyncTimeout is required
rain.cached({ name: 'f' })
// @ts-expect-error there is no such option
rain.cached({ name: 'f', asyncTimeout: 0, tll: 5 })
// @ts-expect-error there is no such option
createRaincheck({ concurency: 2 })
