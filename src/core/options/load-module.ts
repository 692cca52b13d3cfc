import { RaincheckError } from '../words/errors.js'

/** Imports a module by its `file:` address; one in TypeScript, too, by Node itself (22.18 and later) or by jiti. */
export async function loadModule(url: string): Promise<Record<string, unknown>> {
  if (!/\.[mc]?ts$/.test(url) || Reflect.get(process.features, 'typescript')) return import(url)
  const { createJiti } = await import('jiti').catch((cause) => {
    throw new RaincheckError(
      'MISSING_PEER',
      `${url} is TypeScript, which this Node does not load: run \`npm install jiti\`, use Node 22.18 or later, or write it in JavaScript`,
      { cause },
    )
  })
  return createJiti(import.meta.url).import(url)
}
