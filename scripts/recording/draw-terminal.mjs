const COLUMNS = 104
const FONT_SIZE = 13
const LINE_HEIGHT = 19
const MARGIN = 18
// Of the size, as wide as a letter of the widest of the usual monospaced fonts.
const LETTER = 0.62
const WIDTH = Math.ceil(COLUMNS * FONT_SIZE * LETTER) + 2 * MARGIN

const MS_A_KEY = 35
const LONGEST_WAIT_MS = 1_500
const REST_MS = 900

const style = `
rect { fill: #fbfbfa; stroke: #d5d7da }
text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #3c4450; white-space: pre }
.prompt { fill: #8b3fc7 }
.command { fill: #0b1320; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  rect { fill: #10151d; stroke: #303842 }
  text { fill: #aab4c0 }
  .prompt { fill: #c792ea }
  .command { fill: #f3f6fa }
}
@media (prefers-reduced-motion: no-preference) {
  .prompt, .output { animation: show 1ms backwards }
  .command { animation: type 1s backwards }
}
@keyframes show { from { opacity: 0 } }
@keyframes type { from { clip-path: inset(0 100% 0 0) } to { clip-path: inset(0) } }
`

/**
 * An SVG of a terminal in which commands are typed one after the other and answered. It plays once, and stays; whoever wants less
 * motion, and whatever knows no animations, sees the end at once.
 * @param steps Each `{ command, output, took }`: a line, many lines, and milliseconds.
 */
export function drawTerminal(steps, title) {
  const texts = []
  let row = 0
  let now = 0
  for (const { command, output, took } of steps) {
    const letters = { x: MARGIN + 2 * FONT_SIZE * LETTER, keys: command.length }
    texts.push(drawText('prompt', row, '$', { delay: now }))
    texts.push(drawText('command', row++, command, { ...letters, delay: now + REST_MS }))
    now += REST_MS + letters.keys * MS_A_KEY + Math.min(took, LONGEST_WAIT_MS)
    for (const line of wrap(output)) texts.push(drawText('output', row++, line, { delay: now }))
    row++
  }
  return frame((row - 1) * LINE_HEIGHT + 2 * MARGIN, escapeText(title), texts)
}

function frame(height, title, texts) {
  const size = `width="${WIDTH}" height="${height}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" ${size} role="img" aria-label="${title}">
<title>${title}</title>
<style>${style}</style>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
${texts.join('\n')}
</svg>
`
}

function drawText(kind, row, text, { x = MARGIN, delay, keys }) {
  const timing = [`animation-delay:${Math.round(delay)}ms`]
  if (keys) timing.push(`animation-duration:${keys * MS_A_KEY}ms`, `animation-timing-function:steps(${keys})`)
  const place = `x="${x.toFixed()}" y="${MARGIN + row * LINE_HEIGHT + FONT_SIZE}"`
  return `<text class="${kind}" ${place} style="${timing.join(';')}">${escapeText(text)}</text>`
}

/** As a terminal does. */
function wrap(output) {
  return output.split('\n').flatMap((line) => line.match(new RegExp(`.{1,${COLUMNS}}`, 'gu')) ?? [''])
}

function escapeText(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
