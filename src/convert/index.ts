/**
 * Documents to Markdown, without anything of the rest. Begin with `convert`.
 * @module raincheck/convert
 */
export { convert } from './convert.js'
export type {
  ConvertContext,
  ConvertInput,
  ConvertProgress,
  ConvertResult,
  DocumentMetadata,
} from './convert-context.js'
export { ConvertError, type ConvertErrorCode } from './convert-error.js'
export type { ConvertOptions } from './convert-options.js'
export { type Format, formats } from './formats.js'
export { type FrontMatter, withFrontMatter } from './front-matter.js'
export { identify } from './identify/identify.js'
