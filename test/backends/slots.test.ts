import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { createRaincheck, type Raincheck, type TaskHandle } from '../../src/index.js'

/** What one function does, step by step. */
type Step =
  | { do: 'work'; ms: number }
  | { do: 'call'; tree: Tree }
  | { do: 'call all'; trees: Tree[] }
  | { do: 'forget'; tree: Tree }
  | { do: 'fail' }
  | { do: 'give up'; tree: Tree; after: number }

interface Tree {
  scope: 'a' | 'b'
  retries: 0 | 1
  steps: Step[]
}

const { tree } = fc.letrec<{ tree: Tree; step: Step }>((tie) => ({
  tree: fc.record({
    scope: fc.constantFrom('a', 'b'),
    retries: fc.constantFrom(0, 0, 0, 1),
    steps: fc.array(tie('step'), { maxLength: 4, depthIdentifier: 'tree' }),
  }),
  step: fc.oneof(
    { depthIdentifier: 'tree', depthSize: 'small', withCrossShrink: true },
    fc.record({ do: fc.constant('work'), ms: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ do: fc.constant('work'), ms: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ do: fc.constant('call'), tree: tie('tree') }),
    fc.record({ do: fc.constant('call all'), trees: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ do: fc.constant('forget'), tree: tie('tree') }),
    fc.record({ do: fc.constant('give up'), tree: tie('tree'), after: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ do: fc.constant('fail') }),
  ),
})) as unknown as { tree: fc.Arbitrary<Tree> }

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

interface Limits {
  concurrency: number
  perScope?: number
}

/** Runs trees of calls on a raincheck, and looks at each step whether its limits hold. */
class World {
  readonly rain: Raincheck
  readonly refs: string[] = []
  /** Where a limit did not hold. */
  readonly broken: string[] = []
  readonly #limits: Limits
  readonly #call
  /** Functions that have no open nested call, by scope: what limits count. */
  readonly #active = new Map<object, string>()
  #keys = 0

  constructor(limits: Limits) {
    this.#limits = limits
    this.rain = createRaincheck(limits)
    this.#call = this.rain.cached({
      name: 'node',
      asyncTimeout: '1h',
      retryDelay: 5,
      key: ({ key }: { key: number }) => key,
    })(({ tree }: { key: number; tree: Tree }, task) => this.#live(tree, task))
  }

  begin({ scope, retries, ...tree }: Tree, options: { signal?: AbortSignal } = {}): Promise<unknown> {
    const input = { key: this.#keys++, tree: { scope, retries, ...tree } }
    return this.#call.value(input, { scope, retries, ...options }).catch(() => 'failed')
  }

  async #live({ scope, steps }: Tree, task: TaskHandle): Promise<string> {
    this.refs.push(task.ref)
    const me = {}
    let open = 0
    const look = () => {
      if (open === 0 && !task.signal.aborted) this.#active.set(me, scope)
      else this.#active.delete(me)
      this.#check()
    }
    const call = async (tree: Tree, options?: { signal: AbortSignal }) => {
      open++
      look()
      await this.begin(tree, options)
      open--
      look()
    }
    task.signal.addEventListener('abort', look)
    look()
    try {
      for (const step of steps) {
        if (step.do === 'work') await sleep(step.ms)
        else if (step.do === 'call') await call(step.tree)
        else if (step.do === 'call all') await Promise.all(step.trees.map((tree) => call(tree)))
        else if (step.do === 'forget') void call(step.tree)
        else if (step.do === 'give up')
          await call(step.tree, { signal: AbortSignal.any([timeout(step.after)]) })
        else throw new Error('on purpose')
      }
      return 'done'
    } finally {
      open = Number.POSITIVE_INFINITY
      this.#active.delete(me)
    }
  }

  /** Noted, since what a function throws is caught by whoever called it. */
  #check(): void {
    const { concurrency, perScope = Number.POSITIVE_INFINITY } = this.#limits
    const scopes = [...this.#active.values()]
    if (scopes.length > concurrency) this.broken.push(`${scopes.length} at once`)
    for (const scope of ['a', 'b']) {
      const inScope = scopes.filter((one) => one === scope).length
      if (inScope > perScope) this.broken.push(`${inScope} at once in ${scope}`)
    }
  }
}

/** By fake time, which AbortSignal.timeout does not know. */
function timeout(ms: number): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('gave up')), ms)
  return controller.signal
}

const limits = fc.record(
  { concurrency: fc.integer({ min: 1, max: 3 }), perScope: fc.integer({ min: 1, max: 2 }) },
  { requiredKeys: ['concurrency'] },
)
const cancels = fc.array(fc.record({ at: fc.integer({ min: 1, max: 60 }), which: fc.nat(20) }), {
  maxLength: 4,
})

it('limits hold whatever nests: in parallel, in turn, forgotten, failing, given up, cancelled, across scopes', async () => {
  let nested = 0
  await fc.assert(
    fc.asyncProperty(
      limits,
      fc.array(tree, { minLength: 1, maxLength: 5 }),
      cancels,
      async (limits, trees, cancels) => {
        vi.useFakeTimers()
        const errors: unknown[] = []
        const onError = (error: unknown) => errors.push(error)
        process.on('unhandledRejection', onError)
        try {
          const world = new World(limits)
          const all = Promise.all(trees.map((tree) => world.begin(tree)))
          for (const { at, which } of cancels)
            setTimeout(() => {
              const ref = world.refs[which % Math.max(1, world.refs.length)]
              if (ref) void world.rain.cancel(ref).catch(() => {})
            }, at)
          await vi.advanceTimersByTimeAsync(60_000)
          await all
          nested += world.refs.length - trees.length
          expect(world.broken).toEqual([])
          expect(errors).toEqual([])
          expect(world.rain.queue.stats()).toMatchObject({ running: 0, waiting: 0, abandoned: 0 })
          expect(vi.getTimerCount()).toBe(0)
        } finally {
          process.off('unhandledRejection', onError)
          vi.useRealTimers()
        }
      },
    ),
    { numRuns: 400, seed: 7 },
  )
  expect(nested).toBeGreaterThan(1_000)
}, 120_000)
