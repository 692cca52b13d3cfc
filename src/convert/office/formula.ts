/** A part of a formula in brackets, unless it is a name or a number. */
export function grouped(text: string): string {
  return /^[\p{L}\p{N}]*$/u.test(text) ? text : `(${text})`
}

/** A root; one line has no place for its degree, so that one of a degree is a power. */
export function rooted(text: string, degree = ''): string {
  return degree ? `${grouped(text)}^(1/${grouped(degree)})` : `√${grouped(text)}`
}
