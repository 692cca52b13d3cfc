import { expect, it } from 'vitest'
import { addressOf, fromModule } from '../../../src/index.js'

it('a backend is told where a function of a module is found, and that any other is found nowhere', () => {
  const url = new URL('file:///work.js')
  expect(addressOf(fromModule(url, 'convert' as never))).toEqual({ url: url.href, path: ['convert'] })
  expect(addressOf(() => 1)).toBeUndefined()
})
