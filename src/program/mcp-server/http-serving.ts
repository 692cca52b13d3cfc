/** The largest request, in bytes: tools take paths, not documents. */
export const MOST_BODY_BYTES = 1024 * 1024

/** Answers requests of one protocol, or of all. */
export interface HttpServing {
  fetch(request: Request, options: RequestOptions): Promise<Response>
  /** Ends what goes on beyond an answer. */
  close(): Promise<void>
}

interface RequestOptions {
  /** Whose token it was. */
  authInfo?: { token: string; clientId: string; scopes: string[] }
}
