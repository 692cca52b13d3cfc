import { describe, expect, it } from 'vitest'
import { describeError, reviveError } from '../../../src/core/words/errors.js'
import { RaincheckError } from '../../../src/index.js'

const propertiesOf = (properties: object) =>
  describeError(Object.assign(new Error('no'), properties)).properties

describe('an error as data', () => {
  it('has its own texts, numbers and booleans', () => {
    expect(propertiesOf({ status: 503, path: '/a', transient: false })).toEqual({
      status: 503,
      path: '/a',
      transient: false,
    })
    expect(describeError(new Error('no'))).not.toHaveProperty('properties')
  })

  it('has no objects, and nothing that JSON does not give back', () => {
    const request = { headers: { authorization: 'secret' } }
    const others = { request, list: [1], big: 1n, none: null, not: undefined, f: () => 1, s: Symbol('s') }
    expect(propertiesOf({ ...others, size: Number.NaN, most: Number.POSITIVE_INFINITY })).toBeUndefined()
  })

  it('calls no getters', () => {
    const error = Object.defineProperty(new Error('no'), 'body', {
      enumerable: true,
      get: () => {
        throw new Error('read twice')
      },
    })
    expect(describeError(error)).not.toHaveProperty('properties')
  })

  it('has nothing inherited or hidden, and no field twice', () => {
    class Refused extends RaincheckError {
      readonly status = 403
      get url() {
        return '/a'
      }
    }
    const error = Object.defineProperty(new Refused('BUSY' as never, 'no'), 'token', { value: 'secret' })
    expect(describeError(error).properties).toEqual({ status: 403 })
  })

  it('is cut at 4 kB: what does not fit is left out, and what comes after it may fit', () => {
    const text = (length: number) => 'x'.repeat(length)
    const properties = {
      first: text(2_000),
      second: text(2_000),
      third: text(200),
      big: text(10_000_000),
      last: 1,
    }
    expect(Object.keys(propertiesOf(properties) ?? {})).toEqual(['first', 'second', 'last'])
    // By bytes, not by letters.
    expect(propertiesOf({ text: 'ü'.repeat(2_050) })).toBeUndefined()
    expect(propertiesOf({ text: 'ü'.repeat(2_000) })).toBeDefined()
  })

  it('gets its properties back when it becomes an Error again', () => {
    const error = reviveError({ name: 'NotFound', message: 'no', code: 'E1', properties: { status: 404 } })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'NotFound', message: 'no', code: 'E1', status: 404 })
    expect(describeError(error).properties).toEqual({ status: 404 })
  })

  it.each([
    ['a text', 'oops', 'oops'],
    ['undefined', undefined, 'undefined'],
    ['an object without a prototype', Object.create(null), 'a thrown object without a text'],
  ])('of %s that was thrown has a message', (_, thrown, message) => {
    expect(describeError(thrown)).toEqual({ name: 'Error', message })
  })

  it.each([
    ['name', { name: 'Error', message: 'no' }],
    ['message', { name: 'Error', message: '' }],
    ['code', { name: 'Error', message: 'no' }],
  ])('does without a %s that cannot be read', (field, described) => {
    expect(describeError(Object.defineProperty(new Error('no'), field, { get: throws }), false)).toEqual(
      described,
    )
  })

  it('does without a stack that cannot be read', () => {
    const error = Object.defineProperty(new Error('no'), 'stack', { get: throws })
    expect(describeError(error)).toEqual({ name: 'Error', message: 'no' })
  })

  it('has texts only, whatever its fields are', () => {
    const error = Object.assign(new Error('no'), { name: 1n, message: { token: 'secret' }, code: 404 })
    expect(describeError(error, false)).toEqual({ name: '1', message: '[object Object]', code: '404' })
  })

  it.each([
    ['a proxy of an Error that throws', new Proxy(new Error('no'), { get: throws, ownKeys: throws }), ''],
    ['a proxy without a class', new Proxy({}, { getPrototypeOf: throws }), '[object Object]'],
    ['a revoked proxy', revoked(), 'a thrown object without a text'],
  ])('of %s has a message', (_, thrown, message) => {
    expect(describeError(thrown)).toEqual({ name: 'Error', message })
  })
})

function throws(): never {
  throw new Error('read')
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
