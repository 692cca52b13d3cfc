import { Argument, type Command } from 'commander'
import { addConversionOptions } from './convert/add-conversion-options.js'
import { collect, duration, port, positiveNumber, statusName } from './option-values.js'

/** Runs a command by its own module, which is loaded when it is asked for. */
export type Run = (load: () => Promise<Action>) => (...given: unknown[]) => Promise<void>
export type Action = (...given: never[]) => number | Promise<number>

/** How commands are run. */
export interface Runs {
  /** One that ends when it has done one thing. */
  run: Run
  /** One that goes on. */
  serve: Run
  /** Every command, for a script that completes them. */
  all(): readonly Command[]
}

/** Adds each command by its name, in the order of the help. */
export const commandTable: Readonly<Record<string, (program: Command, runs: Runs) => void>> = {
  convert: (program, { run }) => {
    const convert = program
      .command('convert')
      .description('Convert documents to Markdown; writes <name>.md beside each.')
      .argument('<path...>', 'documents, folders or patterns')
      .option('-o, --output <dir>', 'write into this folder; sub-folders are kept')
      .option('--stdout', 'print the Markdown instead of writing files')
      .option('-f, --force', 'overwrite existing files (never the document itself)')
      .option('--fail-fast', 'end at the first document that fails')
      .option('--bg, --background', 'print a ref and return at once; the work goes on')
      .option('--async-timeout <time>', "print a ref if it takes longer than this, such as '2s'", duration)
      .option('--json', 'print what was done as JSON')
      .option('--no-front-matter', 'write files without title, author, source and time at the top')
      .action(run(async () => (await import('./commands/convert.js')).convert))
    addConversionOptions(convert)
  },
  formats: (program, { run }) => {
    program
      .command('formats')
      .description('List the formats that can be converted, with their extensions.')
      .option('--json', 'print it as JSON')
      .action(run(async () => (await import('./commands/formats.js')).listFormats))
  },
  run: (program, { run }) => {
    program
      .command('run')
      .description('Run a function of the raincheck.config file.')
      .argument('<name>', 'its name')
      .argument('[json]', 'its input')
      .option('--bg, --background', 'print a ref and return at once; the work goes on')
      .option('--async-timeout <time>', "print a ref if it takes longer than this, such as '2s'", duration)
      .option('--json', 'print the value as JSON')
      .action(run(async () => (await import('./commands/run.js')).run))
  },
  mcp: (program, { serve }) => {
    program
      .command('mcp')
      .description('Serve MCP clients, such as AI agents: tools that convert the documents of these folders.')
      .argument('[dir...]', 'the folders that may be read, and written new files into')
      .option('--http <port>', 'serve over HTTP instead of stdio; 0 for a free port', port)
      .option('--host <host>', 'the address to listen on (127.0.0.1)')
      .option(
        '--token <name=secret>',
        'serve only those who show a secret; may be repeated (RAINCHECK_TOKENS)',
        collect,
      )
      .option('--async-timeout <time>', 'answer with a ref what takes longer than this (20s)', duration)
      .option('--config <file>', 'the raincheck.config file, each of whose functions becomes a tool')
      .option('--json', 'print the address as JSON, with --http')
      .action(serve(async () => (await import('./commands/mcp.js')).mcp))
  },
  status: (program, { run }) => {
    program
      .command('status')
      .description('Tell how far a task is, or all tasks.')
      .argument('[ref]', 'its ref, or all', 'all')
      .option('-w, --watch', 'go on telling until it has settled')
      .option('--name <name>', 'only the tasks of this function')
      .option('--status <status>', 'only the tasks that are pending, processing, complete, …', statusName)
      .option('--limit <n>', 'how many at most', positiveNumber)
      .option('--json', 'print it as JSON')
      .action(run(async () => (await import('./commands/status.js')).status))
  },
  wait: (program, { run }) => {
    program
      .command('wait')
      .description('Wait until tasks have settled; ends with their outcome.')
      .argument('<ref...>', 'their refs')
      .option('--timeout <time>', "wait no longer than this, such as '30s'", duration)
      .option('--json', 'print it as JSON, a line a task')
      .action(run(async () => (await import('./commands/wait.js')).wait))
  },
  result: (program, { run }) => {
    program
      .command('result')
      .description('Print the result of a task that is complete.')
      .argument('<ref>', 'its ref')
      .option('--json', 'print it as JSON, with what is known of the task')
      .action(run(async () => (await import('./commands/result.js')).result))
  },
  cancel: (program, { run }) => {
    program
      .command('cancel')
      .description('Cancel a task; of a folder, all its documents.')
      .argument('<ref>', 'its ref')
      .option('--json', 'print it as JSON')
      .action(run(async () => (await import('./commands/cancel.js')).cancel))
  },
  answer: (program, { run }) => {
    program
      .command('answer')
      .description('Answer what a task asks; the worker goes on with it.')
      .argument('<ref>', 'its ref')
      .argument('<json>', 'the answers by their keys, such as \'{"colour":"red"}\'')
      .option('--json', 'print it as JSON')
      .action(run(async () => (await import('./commands/answer.js')).answer))
  },
  retry: (program, { run }) => {
    program
      .command('retry')
      .description('Run a task again that failed or was cancelled, in the background.')
      .argument('<ref>', 'its ref')
      .option('--json', 'print it as JSON')
      .action(run(async () => (await import('./commands/retry.js')).retry))
  },
  logs: (program, { run }) => {
    program
      .command('logs')
      .description('Print what a task of the worker logged and printed.')
      .argument('<ref>', 'its ref')
      .option('-f, --follow', 'go on until it has settled')
      .action(run(async () => (await import('./commands/logs.js')).logs))
  },
  serve: (program, { serve }) => {
    program
      .command('serve')
      .description('Serve tasks over HTTP, with a page that shows them, until Ctrl-C.')
      .argument('<dir...>', 'the folders whose documents may be converted')
      .option('--port <n>', 'where to listen; 0 for any port that is free', port, 8377)
      .option(
        '--host <address>',
        'the address to listen on; others than this machine need tokens',
        '127.0.0.1',
      )
      .option(
        '--token <name=secret>',
        'who may come in, each to tasks of its own (RAINCHECK_TOKENS)',
        collect,
      )
      .option('--allow-host <name>', 'a name to answer under, too', collect)
      .option(
        '--allow-origin <origin>',
        "let in pages of this origin, such as 'https://app.example'",
        collect,
      )
      .action(serve(async () => (await import('./commands/serve.js')).serve))
  },
  queue: (program, { run }) => {
    program
      .command('queue')
      .description('Tell what waits and runs; pause or resume the worker.')
      .addArgument(new Argument('[action]', 'what to do').choices(['pause', 'resume']))
      .option('--json', 'print it as JSON')
      .action(run(async () => (await import('./commands/queue.js')).queue))
  },
  prune: (program, { run }) => {
    program
      .command('prune')
      .description('Remove tasks that have expired.')
      .option('--older-than <time>', "those too that settled longer ago than this, such as '1h'", duration)
      .option('--json', 'print it as JSON')
      .action(run(async () => (await import('./commands/prune.js')).prune))
  },
  worker: (program, { serve }) => {
    program
      .command('worker')
      .description(
        'Run a worker in the foreground: of a queue on Redis as many as wanted; any other starts by itself.',
      )
      .option('--concurrency <n>', 'how many tasks of the queue run at once here', positiveNumber)
      .action(serve(async () => (await import('./commands/worker.js')).worker))
  },
  doctor: (program, { run }) => {
    program
      .command('doctor')
      .description('Look whether all is well: store, worker, disk, versions.')
      .option('--json', 'print it as JSON')
      .action(run(async () => (await import('./commands/doctor.js')).doctor))
  },
  completion: (program, { run, all }) => {
    program
      .command('completion')
      .description('Print a script that completes commands in a shell.')
      .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
      .action(
        run(async () => {
          const { completion } = await import('./commands/completion.js')
          return (shell: never) => completion(shell, all().map(completed))
        }),
      )
  },
}

function completed(command: Command): { name: string; description: string; options: string[] } {
  const options = command.options.flatMap(({ long }) => (long ? [long] : []))
  return { name: command.name(), description: command.description(), options }
}
