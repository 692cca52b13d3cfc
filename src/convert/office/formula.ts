/** A part of a formula in brackets, unless it is a name or a number. */
export function grouped(text: string): string {
  return /^[\p{L}\p{N}]*$/u.test(text) ? text : `(${text})`
}
