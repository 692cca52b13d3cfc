import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'

interface Names {
  /** What an import gives at run time. */
  values: string[]
  types: string[]
}

// Every name is a promise: one more, or one less, is to be written here, too.
const entryPoints: Record<string, Names> = {
  raincheck: {
    values: [
      ...[
        'NonRetryableError',
        'RaincheckError',
        'addressOf',
        'configStore',
        'createRaincheck',
        'createTaskHandle',
        'dataDirectory',
      ],
      ...['defineConfig', 'formatAnswer', 'fromModule', 'isRedisUrl', 'isRef', 'openConfig'],
      ...['processPool', 'storeFile'],
    ],
    types: [
      ...['Answer', 'Attempt', 'BackendCapabilities', 'BackendLimits', 'BackendStats', 'Cached'],
      ...['CallAnswer', 'CallOptions', 'CancelResult', 'CancelledAnswer', 'CompleteAnswer', 'Config'],
      ...['ConfigChanges', 'ConfigFunction', 'Duration', 'ErrorCode', 'ErrorInfo', 'EventMap'],
      ...['FailedAnswer', 'FormattedAnswer', 'FunctionOptions', 'HandleReports', 'Job', 'JobContext'],
      ...['JobFacts', 'ListOptions'],
      ...[
        'LiveAnswer',
        'ModuleAddress',
        'OpenedConfig',
        'ProcessPool',
        'ProcessPoolOptions',
        'Progress',
        'ProgressReport',
      ],
      ...['Queue', 'Raincheck', 'RaincheckOptions', 'RedisUrl', 'Ref', 'ResponseFormat', 'RetryOptions'],
      ...[
        'Scope',
        'Serializer',
        'SharedBackend',
        'SharedJob',
        'SharedJobContext',
        'Status',
        'StoreOption',
        'TaskBackend',
        'TaskError',
        'TaskFacts',
      ],
      ...['TaskHandle', 'TaskList', 'TaskSummary', 'UnheldTask', 'Work', 'WrappedFunction'],
      ...['Asked', 'CustomStore', 'ListFilter', 'LiveStatus', 'Question', 'Questions', 'Settlement'],
      ...['StoredTask', 'SweepLimits', 'TaskPatch', 'TaskRecord', 'TaskStore'],
    ],
  },
  'raincheck/convert': {
    values: ['ConvertError', 'convert', 'formats', 'identify', 'withFrontMatter'],
    types: [
      ...['ConvertContext', 'ConvertErrorCode', 'ConvertInput', 'ConvertOptions', 'ConvertProgress'],
      ...['ConvertResult', 'DocumentMetadata', 'Format', 'FrontMatter'],
    ],
  },
  'raincheck/mcp': {
    values: ['registerCachedTool', 'registerTaskTools'],
    types: [
      ...['CachedToolOptions', 'TaskSource', 'TaskToolsOptions', 'ToolAnnotations', 'ToolConfig'],
      ...['ToolContext', 'ToolHandler', 'ToolHost', 'ToolResult', 'WrappedFunction'],
    ],
  },
  'raincheck/mcp/tasks': {
    values: ['attachTasks', 'notifyingHandler', 'notifyingTransport'],
    types: ['AttachTasksOptions', 'HttpHandler', 'TaskHost', 'TasksOptions'],
  },
  'raincheck/bullmq': { values: ['bullmq', 'inspectQueue'], types: ['BullmqOptions', 'QueueState'] },
  'raincheck/http': {
    values: ['createHttpApp'],
    types: ['HttpApp', 'HttpFunction', 'HttpOptions', 'Problem'],
  },
  'raincheck/client': {
    values: ['HttpProblem', 'createClient'],
    types: [
      ...['Client', 'ClientCallOptions', 'ClientEvent', 'ClientFunctions', 'ClientOptions'],
      ...['SettledAnswer', 'TaskEvent'],
    ],
  },
  'raincheck/testing': {
    values: ['backendContract', 'taskStoreContract'],
    types: ['BackendFixture', 'BackendSuite', 'TaskStoreFixture', 'TaskStoreSuite', 'TestRunner'],
  },
}

const root = new URL('../', import.meta.url)
const { name: packageName, exports: declared } = JSON.parse(
  await readFile(new URL('package.json', root), 'utf8'),
)

describe('the package, as it was built,', () => {
  it('has these entry points and no other', () => {
    const paths = Object.keys(declared).filter((path) => path !== './package.json')
    expect(paths.map((path) => packageName + path.slice(1)).sort()).toEqual(Object.keys(entryPoints).sort())
  })

  it.each(Object.entries(entryPoints))('gives these names by %s and no other', async (name, expected) => {
    const values = Object.keys(await import(name)).sort()
    expect(values).toEqual(expected.values)
    const { types } = declared[name.replace(packageName, '.')]
    const declarations = await readFile(new URL(types, root), 'utf8')
    expect(declarations).not.toMatch(/^export \*/m)
    expect(exportedNames(declarations)).toEqual([...expected.values, ...expected.types].sort())
  })
})

/** What a declaration file exports: in lists, which may rename, and where it is declared. */
function exportedNames(declarations: string): string[] {
  const lists = [...declarations.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
    list.split(',').flatMap((item) => item.match(/(\w+)\s*$/)?.[1] ?? []),
  )
  const declared = declarations.matchAll(
    /^export (?:declare )?(?:class|const|function|interface|type) (\w+)/gm,
  )
  return [...new Set([...lists, ...[...declared].flatMap(([, name]) => name ?? [])])].sort()
}
