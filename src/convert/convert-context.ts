export interface ConvertInput {
  path: string
  /**
   * Writes a rule (`---`) where a page of a PDF ends.
   * @default false
   */
  pageBreaks?: boolean | undefined
}

/** What a document says about itself, as far as it does. */
export interface DocumentMetadata {
  title?: string | undefined
  author?: string | undefined
  /** Pages, slides or sheets. */
  pages?: number | undefined
}

export interface ConvertProgress {
  current?: number
  total?: number
  message?: string
}

/** What the caller may pass along; only its shape matters, so that any task runner's context fits. */
export interface ConvertContext {
  /** Checked before each step and between pages; the engines themselves cannot be interrupted. */
  signal?: AbortSignal | undefined
  /** Called once a page, slide or sheet, for the formats whose engine tells them apart. */
  progress?: ((progress: ConvertProgress) => void) | undefined
  /** Called once at most, by the formats that carry such data. */
  metadata?: ((metadata: DocumentMetadata) => void) | undefined
}

/** One format's way from a file, already identified, to Markdown. */
export type Converter = (path: string, context: ConvertContext, input: ConvertInput) => Promise<string>
