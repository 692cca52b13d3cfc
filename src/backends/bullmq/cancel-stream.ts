/** The stream that processes which run jobs of a queue listen to: so they need not hear of every job. */
export function cancelStream(queue: string): string {
  return `${queue}-cancel`
}
