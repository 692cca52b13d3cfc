import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { exitCodes } from './exit-codes.js'

/** Runs a command line. @returns The exit code. */
export async function run(args: string[], version: string): Promise<number> {
  let exitCode: number = exitCodes.success
  const program = createProgram(version, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage
    const { reportFailure } = await import('./report-failure.js')
    return reportFailure(error, args.includes('--json'))
  }
  return exitCode
}

/** Each command's own module is loaded when it is asked for, and returns its exit code. */
function createProgram(version: string, end: (code: number) => void): Command {
  const program = new Command('raincheck')
    .description('Converts documents to Markdown, and redeems the refs of work that takes longer.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(raincheck --help tells more)')
    .configureHelp({ showGlobalOptions: true })

  program
    .command('convert')
    .description('Convert documents (HTML, DOCX, PDF) to Markdown; writes <name>.md beside each.')
    .argument('<file...>', 'the documents')
    .option('-o, --output <dir>', 'write into this folder')
    .option('--stdout', 'print the Markdown instead of writing files')
    .option('-f, --force', 'overwrite existing files (never the document itself)')
    .option(
      '--async-timeout <time>',
      "give a ref for what takes longer, such as '2s'; the work goes on",
      duration,
    )
    .option('--json', 'print what was done as JSON')
    .action(async (files, options) =>
      end(await (await import('./commands/convert.js')).convert(files, options, version)),
    )

  program
    .command('status')
    .description('Tell how far a task is.')
    .argument('<ref>', 'its ref')
    .option('--json', 'print it as JSON')
    .action(async (ref, options) => end(await (await import('./commands/status.js')).status(ref, options)))

  program
    .command('wait')
    .description('Wait until a task has settled; ends with its outcome.')
    .argument('<ref>', 'its ref')
    .option('--timeout <time>', "wait no longer than this, such as '30s'", duration)
    .option('--json', 'print it as JSON')
    .action(async (ref, options) => end(await (await import('./commands/wait.js')).wait(ref, options)))

  program
    .command('result')
    .description('Print the result of a task that is complete.')
    .argument('<ref>', 'its ref')
    .option('--json', 'print it as JSON, with what is known of the task')
    .action(async (ref, options) => end(await (await import('./commands/result.js')).result(ref, options)))

  return program
}

function duration(text: string): string {
  if (/^\d+(\.\d+)?(ms|s|m|h|d)$/.test(text)) return text
  throw new InvalidArgumentError("Give a number with a unit, such as '500ms', '2s', '5m' or '1h'.")
}
