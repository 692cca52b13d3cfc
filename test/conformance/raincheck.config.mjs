// The tools that the conformance suite asks servers for, as functions of a config file: so they run in the bundled server.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const image =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const sound = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA='

const text = (text) => ({ type: 'text', text })
const picture = { type: 'image', data: image, mimeType: 'image/png' }
const resource = (mimeType, text) => ({
  type: 'resource',
  resource: { uri: 'test://resource', mimeType, text },
})
const answering = (...content) => ({ asyncTimeout: '5s', input: z.object({}), run: () => ({ content }) })

/** A schema with keywords that zod does not have. */
const wide = JSON.parse(readFileSync(new URL('./wide-schema.json', import.meta.url), 'utf8'))

export default {
  functions: {
    test_simple_text: answering(text('This is a simple text response for testing.')),
    test_image_content: answering(picture),
    test_audio_content: answering({ type: 'audio', data: sound, mimeType: 'audio/wav' }),
    test_embedded_resource: answering(resource('text/plain', 'This is an embedded resource content.')),
    test_multiple_content_types: answering(
      text('Multiple content types test:'),
      picture,
      resource('application/json', '{"test":"data","value":123}'),
    ),
    test_error_handling: {
      asyncTimeout: '5s',
      input: z.object({}),
      run() {
        throw new Error('This tool intentionally returns an error for testing')
      },
    },
    test_tool_with_progress: {
      asyncTimeout: '5s',
      input: z.object({}),
      async run(_, task) {
        for (const current of [0, 50, 100]) {
          task.progress({ current, total: 100 })
          // Notifications of one call are at least 250 ms apart.
          await new Promise((resolve) => setTimeout(resolve, 300))
        }
        return 'done'
      },
    },
    test_header_parameter: {
      asyncTimeout: '5s',
      input: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }),
      run: ({ region }) => region,
    },
    json_schema_2020_12_tool: {
      asyncTimeout: '5s',
      input: {
        '~standard': {
          ...{ version: 1, vendor: 'conformance', validate: (value) => ({ value }) },
          jsonSchema: { input: () => wide, output: () => wide },
        },
      },
      run: (input) => JSON.stringify(input),
    },
  },
}
