import { existsSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { stayOnMainThread } from '../../stores/sqlite/driver.js'
import { type Action, commandTable, type Run, type Runs } from './command-table.js'
import { exitCodes } from './exit-codes.js'

/** Runs a command line. @returns The exit code. */
export async function run(args: string[], version: string): Promise<number> {
  let exitCode: number = exitCodes.success
  const command = withCommand(args)
  const program = createProgram(version, command[0], (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(command, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage
    const { reportFailure } = await import('./report-failure.js')
    return reportFailure(error, args.includes('--json'))
  }
  return exitCode
}

/** The short forms: `raincheck docs/` converts, and `--status` and `--cancel` are commands, too. */
function withCommand(args: string[]): string[] {
  const [first = '', ...rest] = args
  if (first === '--status' || first === '--cancel') return [first.slice(2), ...rest]
  if (first.startsWith('-') || first === 'help' || isCommand(first)) return args
  return existsSync(first) || /[./\\*]/.test(first) ? ['convert', ...args] : args
}

function isCommand(name: string): boolean {
  return Object.hasOwn(commandTable, name)
}

/** Where every part of a command looks for it. */
function useRedis({ redis }: { redis?: string }): void {
  if (redis !== undefined) process.env.RAINCHECK_REDIS = redis
}

/** Of a command that ends when it has done one thing. */
function loadBrief(load: () => Promise<Action>): Promise<Action> {
  stayOnMainThread()
  return load()
}

/** @param name The requested command; only this one is described to commander. */
function createProgram(version: string, name = '', end: (code: number) => void): Command {
  const serve: Run =
    (load) =>
    async (...given) => {
      // What commander gives last is the command itself.
      const said = [...given.slice(0, -1), version] as never[]
      end(await (await load())(...said))
    }
  const run: Run = (load) => serve(() => loadBrief(load))
  const program = new Command('raincheck')
    .description('Converts documents to Markdown, and redeems the refs of work that takes longer.')
    .version(version)
    .option(
      '--redis <url>',
      'keep tasks on this Redis server, and run functions by its queue (or RAINCHECK_REDIS)',
    )
    .hook('preAction', (command) => useRedis(command.opts()))
    .exitOverride()
    .showHelpAfterError('(raincheck --help tells more)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nShort forms: raincheck <path…> converts; raincheck --status <ref|all>; raincheck --cancel <ref>',
    )
  const runs: Runs = { run, serve, all: () => allCommands(runs) }
  if (isCommand(name)) commandTable[name]?.(program, runs)
  else addAll(program, runs)
  return program
}

function addAll(program: Command, runs: Runs): Command {
  for (const add of Object.values(commandTable)) add(program, runs)
  return program
}

function allCommands(runs: Runs): readonly Command[] {
  return addAll(new Command(), runs).commands
}
