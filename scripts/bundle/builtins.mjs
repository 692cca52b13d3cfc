// How bundles load Node's own modules: an import statement makes Node fill a namespace, which reads every export, and with that loads parts
// that nobody asked for: streams for node:fs, web crypto for node:crypto.
import { isBuiltin } from 'node:module'

const LAZY = 'lazy:'

/** They take 1 to 5 ms of processor time to load, and many a command ends without their use. */
const heavy = [
  'node:child_process',
  'node:crypto',
  'node:fs/promises',
  'node:net',
  'node:stream/promises',
  'node:v8',
  'node:zlib',
]

/** Makes each function of a heavy module one that loads the module when it is called. Only functions and classes can be imported from it. */
export const lazyBuiltins = {
  name: 'lazy-builtins',
  resolveId: (id) => (heavy.includes(id) ? LAZY + id : undefined),
  load: (id) => (id.startsWith(LAZY) ? lazyModule(id.slice(LAZY.length)) : undefined),
}

function lazyModule(name) {
  const real = process.getBuiltinModule(name)
  const functions = Object.keys(real).filter((key) => typeof real[key] === 'function')
  return `
const lazy = (name) => {
  const real = () => process.getBuiltinModule('${name}')[name]
  const stand = new Proxy(function () {}, {
    get: (_, key) => Reflect.get(real(), key),
    apply: (_, self, args) => Reflect.apply(real(), self, args),
    construct: (_, args) => Reflect.construct(real(), args),
  })
  return stand
}
${functions.map((key) => `export const ${key} = /* @__PURE__ */ lazy('${key}')`).join('\n')}
`
}

/**
 * Takes the place of the imports that are left. They are on lines of their own, as the bundler writes them, and stay there, so that source maps
 * still fit.
 */
export const quickBuiltins = {
  name: 'quick-builtins',
  renderChunk: (code) => ({
    code: code
      .replace(/^import (.+) from "([\w:/]+)";$/gm, (all, names, module) =>
        isBuiltin(module) ? quickImport(names, module) : all,
      )
      .replace(/\b__require\("((?:node:)?[a-z/_]+)"\)/g, (all, module) =>
        isBuiltin(module) ? builtin(module) : all,
      ),
    map: null,
  }),
}

function quickImport(names, module) {
  const [, whole, named] = /^(?:\* as )?([\w$]+)?(?:, )?(\{.*\})?$/.exec(names) ?? []
  if (!whole && !named) throw new Error(`cannot read what is imported from ${module}: ${names}`)
  const taken = named && `const ${named.replaceAll(' as ', ': ')} = ${whole ?? builtin(module)};`
  return [whole && `const ${whole} = ${builtin(module)};`, taken].join('')
}

function builtin(module) {
  return `globalThis.process.getBuiltinModule("${module}")`
}
