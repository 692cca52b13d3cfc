// Writes docs/licences.md, or the file given as the first argument, from package-lock.json, or that given as the second.
// Fails when a package has a licence that is not among those allowed.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const [, , page = path('docs/licences.md'), lock = path('package-lock.json')] = process.argv

/** They ask for no more than to be kept with the code. */
const allowed = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MIT-0']

const { packages } = JSON.parse(await readFile(lock, 'utf8'))
const { '': own, ...installed } = packages
// What is marked `devOptional` is installed by development and as an optional dependency alike.
const shipped = Object.entries(installed).filter(([, { dev }]) => !dev)
const peers = Object.keys(own.peerDependencies).map((name) => [
  `node_modules/${name}`,
  installed[`node_modules/${name}`],
])

const refused = [...shipped, ...peers].filter(([, { license }]) => !isAllowed(license))
for (const [place, { license }] of refused)
  console.error(
    `${nameOf(place)} has the licence ${license ?? '(none)'}, which is not among ${allowed.join(', ')}`,
  )
if (refused.length > 0) process.exitCode = 1
else await writeFile(page, licencesPage())

/** By SPDX: of a choice one has to be allowed. */
function isAllowed(license = '') {
  return license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((one) => allowed.includes(one))
}

function licencesPage() {
  return `# Licences

raincheck is under the MIT licence. This is what \`npm install raincheck\` brings along, with what that brings along, on any platform;
\`node scripts/list-licences.mjs\` writes this page. All allow use, change and distribution, as long as their notice is kept.

${summary()}

## Dependencies

${table(shipped.filter(([, { optional }]) => !optional))}

## Optional dependencies

\`--omit=optional\` leaves them out.

${table(shipped.filter(([, { optional }]) => optional))}

## Optional peers

They are not installed unless you do it.

${table(peers)}
`
}

function summary() {
  const counts = new Map()
  for (const [, { license }] of shipped) counts.set(license, (counts.get(license) ?? 0) + 1)
  const rows = [...counts].sort(([one, most], [other, more]) => more - most || compare(one, other))
  return write(['licence', 'packages'], rows)
}

function table(entries) {
  const rows = new Map()
  for (const [place, { version, license }] of entries) {
    const name = nameOf(place)
    rows.set(`${name} ${version}`, [name, version, license])
  }
  return write(
    ['package', 'version', 'licence'],
    [...rows.values()].sort(([one, older], [other, newer]) => compare(one, other) || compare(older, newer)),
  )
}

function nameOf(place) {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** By code points: the order does not depend on the language of the machine. */
function compare(one, other) {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/** In columns, as the formatter has them. */
function write(head, rows) {
  const all = [head, ...rows].map((cells) => cells.map(String))
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column].length)))
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  const [first, ...others] = all.map(line)
  return [first, line(widths.map((width) => '-'.repeat(width))), ...others].join('\n')
}
