/** A link whose address cannot end it early. */
export function markdownLink(text: string, url: string): string {
  const target = url.replace(/[\s()<>]/g, (character) =>
    encodeURIComponent(character).replace('(', '%28').replace(')', '%29'),
  )
  return text === url ? `<${target}>` : `[${text}](${target})`
}

export function isWebAddress(url: string): boolean {
  return /^(?:https?|mailto|ftp|tel):/i.test(url)
}
