import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

/** The variable `RAINCHECK_HOME`, or where the platform keeps the data of programs. It need not exist. */
export function dataDirectory(): string {
  return process.env.RAINCHECK_HOME ?? envPaths('raincheck', { suffix: '' }).data
}

/** The absolute path of a SQLite store's file, which need not exist; undefined for any other store. */
export function storeFile(option: unknown): string | undefined {
  if (option === 'sqlite') return join(dataDirectory(), 'raincheck.db')
  return typeof option === 'string' && /^sqlite:./.test(option)
    ? resolve(option.slice('sqlite:'.length))
    : undefined
}
