/** What became of a document that could not be converted. */
export interface DocumentFailure {
  status: 'failed'
  error: { message: string; code?: string | undefined }
}

/** The document fails alone, by what was thrown. */
export function documentFailure(thrown: unknown): DocumentFailure {
  const { message, code } = thrown as Error & { code?: string }
  return { status: 'failed', error: { message, ...(code === undefined ? {} : { code }) } }
}
