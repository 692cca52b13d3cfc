import { registerCachedTool, registerTaskTools, type ToolHost } from '../mcp/index.js'
import { configFunctions } from './config-functions.js'
import { registerConversionTools } from './conversion-tools.js'
import { registerInfoTools } from './info-tools.js'
import type { Service } from './open-service.js'
import { taskSources, tasksOptions } from './task-sources.js'

/** Registers all tools of the bundled server, on the server of either SDK. */
export function registerTools(host: ToolHost, service: Service): void {
  const { bundled, config, scope, allowed, asyncTimeout } = service
  const functions = config === undefined ? [] : configFunctions(config)
  registerConversionTools(host, service)
  registerInfoTools(host, service, functions)
  registerTaskTools(host, taskSources(service), {
    ...tasksOptions(service),
    functions: [bundled.convert, bundled.convertBatch, ...functions],
    saveTo: (path) => allowed.forNewFile(path),
  })
  for (const wrapped of functions)
    registerCachedTool(host, wrapped.name, wrapped, {
      scope,
      // Clients do not wait for longer, whatever the function's other callers do.
      asyncTimeout: Math.min(asyncTimeout, wrapped.options.asyncTimeout),
    })
}
