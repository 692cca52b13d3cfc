import { type ExitCode, exitCodes } from '../exit-codes.js'
import { writeOut } from '../stdout.js'

/** What a shell is told of a command. */
export interface CompletedCommand {
  name: string
  description: string
  options: string[]
}

/** `raincheck completion <shell>`: a script that the shell loads to complete commands, options and file names. */
export function completion(shell: keyof typeof scripts, commands: readonly CompletedCommand[]): ExitCode {
  writeOut(scripts[shell](commands))
  return exitCodes.success
}

const scripts = { bash, zsh, fish }

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, options }) => `    ${name}) words='${options.join(' ')}' ;;`).join('\n')
  return `# Load it with: source <(raincheck completion bash)
_raincheck() {
  local words word=\${COMP_WORDS[COMP_CWORD]}
  case \${COMP_WORDS[1]} in
${cases}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words='${commands.map(({ name }) => name).join(' ')}'; fi
  COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word"))
}
complete -o filenames -F _raincheck raincheck
`
}

function zsh(commands: readonly CompletedCommand[]): string {
  return `#compdef raincheck
# Load it with: source <(raincheck completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash(commands)}`
}

function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, options }) => [
    `complete -c raincheck -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", '’')}'`,
    ...options.map(
      (option) => `complete -c raincheck -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`,
    ),
  ])
  return `# Load it with: raincheck completion fish | source\n${lines.join('\n')}\n`
}
