/** The anchors of the headings of a Markdown text, in order, named as GitHub names them. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutCodeBlocks(text).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const name = anchorOf(heading)
    let unique = name
    for (let again = 1; anchors.has(unique); again++) unique = `${name}-${again}`
    anchors.add(unique)
  }
  return anchors
}

function anchorOf(heading: string): string {
  const shown = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
  return shown
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replace(/ /g, '-')
}

export function withoutCodeBlocks(text: string): string {
  return text.replace(/^ *(`{3,}|~{3,})[^\n]*\n.*?^ *\1 *$/gms, '')
}
