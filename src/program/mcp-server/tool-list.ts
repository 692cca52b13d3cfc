import { wrongOption } from '../../core/words/check-option.js'
import type { ToolHost } from '../../mcp/index.js'

type Tool = Parameters<ToolHost['registerTool']>

/** Tools that are made once and given to each server: over HTTP there is one for each request. */
export class ToolList implements ToolHost {
  readonly #tools = new Map<string, Tool>()

  /** @throws RaincheckError `INVALID_OPTION` for a name that is taken. */
  registerTool(...tool: Tool): void {
    const [name] = tool
    if (this.#tools.has(name))
      throw wrongOption(
        `there is a tool '${name}' already: give the function of that name in the config file another`,
      )
    this.#tools.set(name, tool)
  }

  giveTo(host: ToolHost): void {
    for (const tool of this.#tools.values()) host.registerTool(...tool)
  }
}
