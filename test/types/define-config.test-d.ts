import { expectTypeOf } from 'vitest'
import { z } from 'zod'
import { defineConfig, type TaskHandle } from '../../src/index.js'

defineConfig({
  store: 'sqlite',
  functions: {
    square: {
      asyncTimeout: '5s',
      input: z.object({ n: z.coerce.number() }),
      title: ({ n }) => {
        expectTypeOf(n).toEqualTypeOf<number>()
        return String(n)
      },
      run: async ({ n }, task) => {
        expectTypeOf(n).toEqualTypeOf<number>()
        expectTypeOf(task).toEqualTypeOf<TaskHandle>()
        return n * n
      },
    },
    shout: {
      asyncTimeout: 0,
      run: async ({ text }: { text: string }) => text.toUpperCase(),
    },
  },
})

// @ts-expect-error a function needs its window
defineConfig({ functions: { forgetful: { run: async () => 1 } } })

defineConfig({
  functions: {
    misspelt: {
      asyncTimeout: '5s',
      // @ts-expect-error there is no such option
      asyncTimeOut: '5s',
      run: async () => 1,
    },
  },
})
