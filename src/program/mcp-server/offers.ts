import { basename } from 'node:path'
import { z } from 'zod'
import type { Format } from '../../convert/index.js'
import { RaincheckError } from '../../core/words/errors.js'
import { MOST_DOCUMENTS } from '../documents/batch-limit.js'
import type { Offers } from '../documents/open-bundled.js'
import type { AllowedDirectories } from './allowed-directories.js'

/**
 * The bundled functions as clients call them. The schemas turn each path into a real one that is allowed, before any task
 * exists: what is kept, run and run again is that.
 */
export function offersFor(allowed: AllowedDirectories, asyncTimeout: number): Offers {
  const path = allowedPath(allowed)
  return {
    convert: {
      asyncTimeout,
      input: z.strictObject({
        path: path.describe('A document: absolute, or relative to the first allowed directory'),
        ...conversion,
      }),
      output: converted,
    },
    convertBatch: {
      asyncTimeout,
      input: z
        .strictObject({
          paths: z.array(path).min(1).max(MOST_DOCUMENTS).describe('Documents, and folders of documents'),
          ...conversion,
        })
        .transform(({ paths, ...rest }) => ({ title: titleOf(paths), paths, conversion: rest })),
      output: batch,
    },
  }
}

const limit = z.number().int().min(1).optional()

const conversion = {
  pageBreaks: z
    .boolean()
    .optional()
    .describe('Write a rule (---) where a page of a PDF ends (default false)'),
  remoteImages: z
    .enum(['keep', 'strip'])
    .optional()
    .describe('Whether images on the web keep their address (default), or only their alternative text'),
  maxFileBytes: limit.describe('Refuse larger files (default 512 MB)'),
  maxUnpackedBytes: limit.describe('Refuse archives that unpack to more bytes (default 512 MB)'),
  maxArchiveEntries: limit.describe('Refuse archives of more files (default 20,000)'),
  maxPages: limit.describe('Refuse documents of more pages, slides, sheets or chapters (default 10,000)'),
}

const metadata = {
  title: z.string().optional(),
  author: z.string().optional(),
  pages: z.number().optional().describe('Pages, slides, sheets or chapters'),
}

// The names are in a module that loads the converter.
const format = z.string().describe('One of list_formats') as unknown as z.ZodType<Format>

const converted = z.object({
  markdown: z.string(),
  format,
  metadata: z.object(metadata),
  hiddenCharacters: z.number().describe('How many characters that hide text were taken out'),
})

const batch = z.object({
  documents: z.array(
    z.discriminatedUnion('status', [
      z.object({
        ...{ path: z.string(), status: z.literal('complete'), format, ...metadata },
        ref: z.string().describe('For get_task_result, which gives the Markdown'),
        characters: z.number().describe('Length of the Markdown'),
        preview: z.string().describe('How the Markdown begins'),
      }),
      z.object({
        ...{ path: z.string(), status: z.literal('failed') },
        error: z.object({ message: z.string(), code: z.string().optional() }),
      }),
    ]),
  ),
  failed: z.number(),
  skipped: z
    .number()
    .describe('Files of the folders that are hidden, Markdown already, or of no known format'),
})

function allowedPath(allowed: AllowedDirectories) {
  return z.string().transform(async (path, context) => {
    try {
      return await allowed.existing(path)
    } catch (error) {
      if (!(error instanceof RaincheckError)) throw error
      context.addIssue({ code: 'custom', message: error.message })
      return z.NEVER
    }
  })
}

function titleOf([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? basename(first) : `${basename(first)} and ${others.length} more`
}
