import type { FunctionSpec } from './function-options.js'

/** What tells a function from every other. */
export type FunctionIdentity = Pick<FunctionSpec, 'app' | 'name' | 'version'>

/** The same as one text, in every process. */
export function identityText({ app, name, version }: FunctionIdentity): string {
  return JSON.stringify([app, name, version])
}
