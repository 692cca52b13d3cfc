import { ConvertError } from './convert-error.js'

/** What a conversion does, and where it ends. A limit is a number from 1 on. */
export interface ConvertOptions {
  /**
   * Takes characters out that hide text or change its order on the screen: zero-width, bidirectional and control
   * characters, where no script or emoji needs them.
   * @default true
   */
  sanitize?: boolean | undefined
  /**
   * Whether images that lie on the web keep their address, or only their alternative text.
   * @default 'keep'
   */
  remoteImages?: 'strip' | 'keep' | undefined
  /**
   * The largest file, in bytes. A document is held in memory several times over while it is converted.
   * @default 536,870,912 (512 MB)
   */
  maxFileBytes?: number | undefined
  /**
   * What an archive, or a document that is one, may unpack to, in bytes; archives inside it count in. It is held against what the
   * archive declares before anything is unpacked.
   * @default 536,870,912 (512 MB)
   */
  maxUnpackedBytes?: number | undefined
  /**
   * How many files an archive may hold; those of archives inside it count in.
   * @default 20,000
   */
  maxArchiveEntries?: number | undefined
  /**
   * How many pages, slides, sheets or chapters a document may have.
   * @default 10,000
   */
  maxPages?: number | undefined
  /**
   * Writes a rule (`---`) where a page of a PDF ends.
   * @default false
   */
  pageBreaks?: boolean | undefined
}

export type FilledOptions = { [Name in keyof ConvertOptions]-?: NonNullable<ConvertOptions[Name]> }

export function fillOptions(options: ConvertOptions): FilledOptions {
  return {
    sanitize: oneOf('sanitize', options.sanitize, [true, false]),
    remoteImages: oneOf('remoteImages', options.remoteImages, ['keep', 'strip']),
    maxFileBytes: limit('maxFileBytes', options.maxFileBytes, 512 * 1024 * 1024),
    maxUnpackedBytes: limit('maxUnpackedBytes', options.maxUnpackedBytes, 512 * 1024 * 1024),
    maxArchiveEntries: limit('maxArchiveEntries', options.maxArchiveEntries, 20_000),
    maxPages: limit('maxPages', options.maxPages, 10_000),
    pageBreaks: oneOf('pageBreaks', options.pageBreaks, [false, true]),
  }
}

type Limit = 'maxFileBytes' | 'maxUnpackedBytes' | 'maxArchiveEntries' | 'maxPages'

/** Tells that a document is over a limit; `what` is what it has, such as "has 20,000 pages". */
export function overLimit(path: string, what: string, name: Limit, most: number): ConvertError {
  const shown = name.endsWith('Bytes') ? readableSize(most) : most.toLocaleString('en')
  const message = `${path}: ${what}, over the limit of ${shown}; split it, or raise the option ${name}`
  return new ConvertError('FILE_TOO_LARGE', message)
}

export function refuseTooManyPages(path: string, pages: number, { maxPages }: FilledOptions): void {
  if (pages > maxPages) throw overLimit(path, `has ${pages.toLocaleString('en')} pages`, 'maxPages', maxPages)
}

const MEGABYTE = 1024 * 1024

export function readableSize(bytes: number): string {
  const [size, unit] = bytes < MEGABYTE ? [bytes / 1024, 'kB'] : [bytes / MEGABYTE, 'MB']
  return `${size < 10 ? Number(size.toFixed(2)) : Math.round(size)} ${unit}`
}

// The first of the choices is the default.
function oneOf<T>(name: string, value: T | undefined, choices: [T, ...T[]]): T {
  if (value === undefined) return choices[0]
  if (choices.includes(value)) return value
  throw invalid(name, choices.map((choice) => JSON.stringify(choice)).join(' or '), value)
}

function limit(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (typeof value === 'number' && value >= 1) return value
  throw invalid(name, 'a number from 1 on', value)
}

function invalid(name: string, expected: string, value: unknown): ConvertError {
  const came = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return new ConvertError('INVALID_OPTION', `the option ${name} must be ${expected}, not ${came}`)
}
