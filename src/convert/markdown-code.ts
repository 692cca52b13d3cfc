/** A code block whose fence no line of the text can end. */
export function codeBlock(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/^ *`{3,}/gm) ?? []).map((run) => run.trim().length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.replace(/^(?:[ \t]*\n)+|\s+$/g, '')}\n${fence}`
}
