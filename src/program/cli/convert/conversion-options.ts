import { type Command, Option } from 'commander'
import type { ConvertOptions } from '../../../convert/index.js'
import type { ConvertLimits } from '../../documents/convert-limits.js'
import { memory, positiveNumber, size, timeout } from '../option-values.js'

const names = [
  'pageBreaks',
  'remoteImages',
  'maxFileBytes',
  'maxUnpackedBytes',
  'maxArchiveEntries',
  'maxPages',
] as const satisfies (keyof ConvertOptions)[]

/** Those of the conversion itself that the command line has, under the names that its messages use. */
export interface ConversionOptions extends Pick<ConvertOptions, (typeof names)[number]> {
  keepHidden?: boolean
  timeout?: number
  maxMemory?: number
}

export function addConversionOptions(command: Command): void {
  command
    .option('--page-breaks', 'write a rule where a page of a PDF ends')
    .addOption(
      new Option('--remote-images <what>', 'keep or strip the addresses of images on the web').choices([
        'strip',
        'keep',
      ]),
    )
    .option('--keep-hidden', 'keep the characters that hide text, such as zero-width ones')
    .option('--max-file-bytes <size>', "refuse larger files, such as '1GB' (512MB)", size)
    .option('--max-unpacked-bytes <size>', 'refuse archives that unpack to more (512MB)', size)
    .option('--max-archive-entries <n>', 'refuse archives of more files (20000)', positiveNumber)
    .option(
      '--max-pages <n>',
      'refuse documents of more pages, slides, sheets or chapters (10000)',
      positiveNumber,
    )
    .option('--timeout <time>', "give up on a document that takes longer, such as '90s' (10m)", timeout)
    .option('--max-memory <MB>', 'give up on a document that needs more (1024)', memory)
}

/** Only what was given: the options are a part of the key that a conversion is kept under. */
export function conversionOptions(given: ConversionOptions): ConvertOptions {
  const pairs = names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))
  return { ...Object.fromEntries(pairs), ...(given.keepHidden ? { sanitize: false } : {}) }
}

/** Of documents that are converted by this command; the worker knows those of the environment. */
export function conversionLimits({ timeout, maxMemory }: ConversionOptions): Partial<ConvertLimits> {
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(maxMemory === undefined ? {} : { memory: maxMemory }),
  }
}
