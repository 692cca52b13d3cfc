import { isLegacyRequest } from '@modelcontextprotocol/server'
import type { Era } from './era.js'
import { type HttpServing, MOST_BODY_BYTES } from './http-serving.js'
import type { Service } from './open-service.js'
import type { ToolList } from './tool-list.js'

/** Serves each request by its own protocol, with the SDK that has it, which the first of its kind loads. */
export function servingOf(service: Service, tools: ToolList): HttpServing {
  const loading = new Map<Era, Promise<HttpServing>>()
  const serving = (era: Era) => {
    const known = loading.get(era)
    if (known) return known
    const made = loadEra(era).then(({ serveRequests }) => serveRequests(service, tools))
    loading.set(era, made)
    return made
  }
  return {
    async fetch(request, options) {
      const isLegacy = await isLegacyRequest(request, undefined, { maxRequestBodySize: MOST_BODY_BYTES })
      return (await serving(isLegacy ? 'legacy' : 'modern')).fetch(request, options)
    },
    async close() {
      for (const opened of loading.values()) await (await opened).close()
    },
  }
}

function loadEra(era: Era): Promise<Pick<typeof import('./legacy-http.js'), 'serveRequests'>> {
  return era === 'modern' ? import('./modern-http.js') : import('./legacy-http.js')
}
