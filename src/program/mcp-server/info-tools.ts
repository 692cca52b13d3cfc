import { z } from 'zod'
import type { ToolHost, ToolResult, WrappedFunction } from '../../mcp/index.js'
import { MOST_DOCUMENTS } from '../documents/batch-limit.js'
import type { Service } from './open-service.js'

const annotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false }

export function registerInfoTools(
  host: ToolHost,
  service: Service,
  functions: readonly WrappedFunction[],
): void {
  host.registerTool(
    'list_formats',
    {
      title: 'List formats',
      description: 'The formats of documents that can be converted, with their extensions and media types.',
      inputSchema: z.object({}),
      outputSchema: z.object({ formats: z.array(format) }),
      annotations,
    },
    async () => told({ formats: (await import('../../convert/index.js')).formats }),
  )
  host.registerTool(
    'get_server_info',
    {
      title: 'About this server',
      description: 'The version, the directories that paths may lead to, the store and the limits.',
      inputSchema: z.object({}),
      outputSchema: info,
      annotations,
    },
    async () => told(await infoOf(service, functions)),
  )
}

const format = z.object({ name: z.string(), extensions: z.array(z.string()), mediaType: z.string() })

const info = z.object({
  version: z.string(),
  allowedDirectories: z.array(z.string()).describe('Relative paths begin at the first'),
  store: z.string().describe('Where tasks and results are kept'),
  limits: z.object({
    asyncTimeoutMs: z.number().describe('How long a call waits before it is answered with a ref'),
    batchDocuments: z.number().describe('How many documents convert_batch takes at once'),
    refLifetimeMs: z.number().describe('How long a ref can be redeemed once its task has settled'),
  }),
  functions: z.array(z.string()).describe('Those of the config file, each a tool of its own'),
})

async function infoOf(
  service: Service,
  functions: readonly WrappedFunction[],
): Promise<z.infer<typeof info>> {
  const { version, allowed, asyncTimeout, bundled } = service
  const { rain } = await bundled.load()
  return {
    version,
    allowedDirectories: [...allowed.directories],
    store: await service.storeName(),
    limits: {
      asyncTimeoutMs: asyncTimeout,
      batchDocuments: MOST_DOCUMENTS,
      refLifetimeMs: rain.retention,
    },
    functions: functions.map(({ name }) => name),
  }
}

/** The same in text and structured content: some clients pass on only one of them. */
function told(facts: Record<string, unknown>): ToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(facts) }], structuredContent: facts }
}
