// Bundles the sources into dist: a command loads a few files instead of hundreds, each of which costs it half a millisecond of processor time.
// All entry points share their chunks, so that a config file that imports raincheck gets the copy that the command has already.
import { writeFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { lazyBuiltins, quickBuiltins } from './bundle/builtins.mjs'
import { noticesOf } from './bundle/licences.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const src = `${root}src${sep}`

/** What package.json names, and what is started as a process or a thread. */
const entries = [
  'index',
  'convert/index',
  'mcp/index',
  'mcp/tasks/index',
  'backends/bullmq/index',
  'http/index',
  'http/client',
  'testing/index',
  'testing/contract-functions',
  'program/cli/main',
  'program/worker/main',
  'backends/process-pool/child-main',
  'stores/sqlite/thread',
]

/** What tests and benches load besides. */
const internals = [
  'backends/in-process/in-process',
  'core/values/serializer',
  'core/values/value-store',
  'program/cli/convert/foreground',
  'program/documents/convert-function',
  'program/documents/open-bundled',
  'program/documents/written-markdown',
  'program/worker/lock',
  'program/worker/worker-files',
  'stores/open',
  'stores/sqlite/file',
  'stores/sqlite/sqlite',
  'stores/sqlite/thread-file',
  'testing/stored-task',
]

/** Each of these is kept as a package: the user's own (zod), larger than all the rest, or optional. */
const packages =
  /^(?:@hono\/|@kenjiuno\/|@keyv\/(?:redis|sqlite)|@kreuzberg\/|@modelcontextprotocol\/|bullmq|chardet|dingbat-to-unicode|hono|ioredis|jiti|papaparse|postal-mime|saxes|unpdf|yaml|zod)/

/** A module that finds a file beside itself finds it from the chunk that it is in. */
const places = {
  name: 'places',
  transform: (code, id) =>
    id.startsWith(src) && code.includes('import.meta.url')
      ? {
          code: code.replaceAll('import.meta.url', `__place("${relative(src, id).replaceAll(sep, '/')}")`),
          map: null,
        }
      : undefined,
  renderChunk: (code, { fileName }) => {
    const up = '../'.repeat(fileName.split('/').length - 1) || './'
    // As a plain second argument webpack would take it for a file that is to be bundled, too.
    const place = (_, path) => `new URL("${up}${path}.js", String(import.meta.url)).href`
    return { code: code.replace(/__place\("([^"]+)\.ts"\)/g, place), map: null }
  },
}

const oneOf = (modules) => new RegExp(`/src/(?:${modules.join('|')})\\.ts$`.replaceAll('/', '[\\\\/]'))

/** What each command needs, and those that only show tasks need no more. */
const isBase = oneOf([
  'core/words/[\\w-]+',
  'program/documents/limit-values',
  'read-(?:config|tasks)',
  'core/refs/format-answer',
  'core/options/(?:from-module|load-module)',
  'core/task/handle',
  'core/values/(?:to-json|why-unstorable)',
  'program/cli/(?:describe-answer|print|redis-changes|report-failure|serve/tool-window|signals|store)',
  'program/worker/(?:missing-worker|worker-files|worker-identity)',
  'stores/data-directory',
  'stores/redis/address',
  'stores/sqlite/driver',
])

/** What commands need that run functions. */
const isWork = oneOf([
  'program/documents/(?:collect-documents|convert-limits|open-bundled|written-markdown)',
  'program/cli/convert/(?:foreground|progress-bar|submit|wait-submitted)',
  'program/cli/functions',
  'program/worker/(?:lock|start-worker)',
])

/** What is loaded together, each with all that it imports and no group before has. Anything else is split as imports need it. */
const groups = [
  // All that each command loads first.
  {
    name: 'start',
    test: oneOf(['package-version', 'program/cli/(?:code-cache|exit-codes|stdout)']),
    priority: 3,
  },
  {
    name: 'base',
    test: (id) => isBase.test(id) || id.startsWith('lazy:'),
    priority: 2,
  },
  { name: 'library', test: oneOf(['index']), priority: 1 },
  { name: 'convert', test: oneOf(['convert/index']), priority: 1 },
  { name: 'docx', test: oneOf(['convert/ooxml/docx']) },
  { name: 'work', test: isWork },
]

const how = {
  cwd: root,
  platform: 'node',
  external: packages,
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  tsconfig: false,
  // The command loads it by itself, or with what it needs it for.
  checks: { ineffectiveDynamicImport: false },
}

const bundle = await rolldown({
  ...how,
  input: Object.fromEntries([...entries, ...internals].map((name) => [name, `${src}${name}.ts`])),
  plugins: [places, lazyBuiltins, quickBuiltins],
})
const { output } = await bundle.write({
  dir: `${root}dist`,
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  codeSplitting: { groups },
})
await bundle.close()
writeFileSync(`${root}dist/licences.txt`, noticesOf(output))

// A thread of its own kind, which shares nothing.
const watch = await rolldown({ ...how, input: `${src}backends/process-pool/child-watch.ts` })
await watch.write({
  file: `${root}dist/backends/process-pool/child-watch.cjs`,
  format: 'cjs',
  sourcemap: true,
})
await watch.close()
