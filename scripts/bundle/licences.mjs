import { readdirSync, readFileSync } from 'node:fs'

/** The notices of the packages that are part of bundles, which their licences ask to keep with the code. */
export function noticesOf(output) {
  const modules = output.flatMap((chunk) => Object.keys(chunk.modules ?? {}))
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined))
  const notices = [...folders].map(noticeOf).sort((one, other) => (one < other ? -1 : 1))
  return `These packages are part of the files in chunks/.\n\n${notices.join('\n')}`
}

function packageFolder(id) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0]
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one))
  if (file === undefined) throw new Error(`${name} has no file with its licence`)
  const text = readFileSync(`${folder}/${file}`, 'utf8').trim()
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`
}
