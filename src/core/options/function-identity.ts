import type { FunctionSpec } from './function-options.js'

/** What tells a function from every other. */
export type FunctionIdentity = Pick<FunctionSpec, 'app' | 'name' | 'version'> & {
  /** The option; '' where there is none. */
  readonly instance?: string
}

/** The same as one text, in every process. Without an instance it is that of older versions, so that their keys still count. */
export function identityText({ app, name, version, instance = '' }: FunctionIdentity): string {
  return JSON.stringify(instance === '' ? [app, name, version] : [app, name, version, instance])
}
