import { z } from 'zod'
import { wrongOption } from '../../core/words/check-option.js'
import type { Cached } from '../../index.js'
import {
  registerCachedTool,
  registerTaskTools,
  type ToolHost,
  type WrappedFunction,
} from '../../mcp/index.js'
import { registerConversionTools } from './conversion-tools.js'
import { registerInfoTools } from './info-tools.js'
import type { Service } from './open-service.js'
import { taskSources, tasksOptions } from './task-sources.js'

/** Registers all tools of the bundled server. */
export function registerTools(host: ToolHost, service: Service): void {
  const { bundled, config, scope, allowed, asyncTimeout } = service
  const functions = [...(config?.functions.values() ?? [])].map(withInput)
  const bundledOnes = [bundled.convert, bundled.convertBatch]
  refuseTwins(functions, bundledOnes)
  registerConversionTools(host, service)
  registerInfoTools(host, service, functions)
  registerTaskTools(host, taskSources(service), {
    ...tasksOptions(service),
    functions: [...bundledOnes, ...functions],
    saveTo: (path) => allowed.forNewFile(path),
  })
  for (const wrapped of functions)
    registerCachedTool(host, wrapped.name, wrapped, {
      scope,
      // Clients do not wait for longer, whatever the function's other callers do.
      asyncTimeout: Math.min(asyncTimeout, wrapped.options.asyncTimeout),
    })
}

/** `start_task` has its functions by their names. @throws RaincheckError `INVALID_OPTION` for one that two have. */
function refuseTwins(functions: readonly WrappedFunction[], bundled: readonly WrappedFunction[]): void {
  const twin = functions.find(({ name }) => bundled.some((one) => one.name === name))
  if (twin !== undefined)
    throw wrongOption(
      `there is a bundled function '${twin.name}' already: give the one of the config file another name`,
    )
}

/** Tools need an input: a function that declares none takes any arguments, unchecked. */
function withInput(wrapped: Cached<unknown, unknown>): WrappedFunction {
  if (wrapped.input !== undefined) return wrapped
  const call: Cached<unknown, unknown> = Object.assign(wrapped.bind(undefined), wrapped)
  Object.defineProperty(call, 'name', { value: wrapped.name })
  return Object.assign(call, { options: { ...wrapped.options, input: z.looseObject({}) } })
}
