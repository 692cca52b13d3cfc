/** A code block whose fence no line of the text can end. */
export function codeBlock(text: string, language = ''): string {
  const runs = text.match(/^ *`{3,}/gm) ?? []
  const longest = runs.reduce((most, run) => Math.max(most, run.trim().length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd()}\n${fence}`
}
