export interface ConvertInput {
  path: string
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
  /** Called once a page, for the formats whose engine tells pages apart. */
  progress?: ((progress: ConvertProgress) => void) | undefined
}

/** One format's way from a file, already identified, to Markdown. */
export type Converter = (path: string, context: ConvertContext) => Promise<string>
