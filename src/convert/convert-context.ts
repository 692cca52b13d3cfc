import type { ConvertOptions, FilledOptions } from './convert-options.js'
import type { Format } from './formats.js'

/** What to convert, and how. */
export interface ConvertInput extends ConvertOptions {
  /** Of the document: absolute, or relative to the working directory. */
  path: string
}

/** How far a conversion is. */
export interface ConvertProgress {
  /** Pages, slides, sheets, chapters or files done so far. */
  current?: number
  /** All of them. */
  total?: number
  /** One line for people. */
  message?: string
}

/** What the caller may pass along; only its shape matters, so that any task runner's context fits. */
export interface ConvertContext {
  /** Checked before each step and between pages; the engines themselves cannot be interrupted. */
  signal?: AbortSignal | undefined
  /** Called once a page, slide, sheet, chapter or file, for the formats whose engine tells them apart. */
  progress?: ((progress: ConvertProgress) => void) | undefined
}

/** What a document says about itself, as far as it does. */
export interface DocumentMetadata {
  /** In one line. */
  title?: string | undefined
  /** In one line. */
  author?: string | undefined
  /** Pages, slides, sheets or chapters. */
  pages?: number | undefined
}

/**
 * Depends on the bytes, the extension and the options alone, so that it can be cached by them: where the file lies and
 * when it was converted stand in the front matter of a written file only.
 */
export interface ConvertResult {
  /** Ends in exactly one newline. */
  markdown: string
  /** As `identify` found it. */
  format: Format
  /** Only what is known: there are no undefined values. */
  metadata: DocumentMetadata
  /** How many characters that hide text were taken out; 0 without `sanitize`. */
  hiddenCharacters: number
}

/** A file that came inside another: an attachment, or an entry of an archive. */
export interface InnerFile {
  name: string
  content: Uint8Array
}

/** Why an inner file was not converted is told in its place; it does not fail the document around it. */
export type InnerOutcome = { markdown: string } | { refusal: string }

export interface ConverterContext extends ConvertContext {
  /** Called once at most, by the formats that carry such data; throws when there are too many pages. */
  metadata(metadata: DocumentMetadata): void
  convertInner(file: InnerFile): Promise<InnerOutcome>
}

/** One format's way from a file, already identified, to Markdown. */
export type Converter = (path: string, context: ConverterContext, options: FilledOptions) => Promise<string>
