import { invalid } from '../../core/words/check-option.js'

/** Where a Redis server is, as `redis[s]://[[user]:password@]host[:port][/database]`. */
export type RedisUrl = `redis://${string}` | `rediss://${string}`

/** Tells by the scheme; the rest of it is checked by `createRaincheck`. */
export function isRedisUrl(option: unknown): option is RedisUrl {
  return typeof option === 'string' && /^rediss?:/i.test(option)
}

/** @throws RaincheckError `INVALID_OPTION` that does not repeat the password. */
export function checkRedisUrl(option: string, url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed && parsed.hostname !== '' && /^(\/\d*)?$/.test(parsed.pathname)) return
  throw invalid(
    option,
    'redis[s]://[[user]:password@]host[:port][/database number]',
    parsed ? withoutPassword(url) : url.replace(/:\/\/.*@/, '://…@'),
  )
}

/** For messages. */
export function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}
