import { existsSync } from 'node:fs'
import type { Command, CommanderError } from 'commander'
import { isName } from './commands/engine/open.ts'
import { echoOf } from '../domain/echo.ts'
import type { EdgekeepError } from '../contract/errors/registry.ts'
import { type GlobalOptions, usageError } from './frame/command.ts'
import { commandsMeant, isActOfGroups, negationMeant, optionsMeant } from './near-misses.ts'

/** Adds suggestions and the command's own help to every usage error. */
export function explainMistakes(program: Command): void {
  for (const command of withSubcommands(program)) {
    command.exitOverride((error) => {
      throw error.exitCode === 0 ? error : mistakeOf(error, command)
    })
  }
}

/**
 * Runs before parsing, because Commander would report the options and arguments of the unknown command first.
 * @throws `usage.wrong` if the first word is not a command
 */
export function refuseUnknownCommand(program: Command, argv: string[]): void {
  const [word] = program.parseOptions(argv).operands
  if (word !== undefined && !program.commands.some((each) => each.name() === word))
    throw unknownCommand(word, program)
}

/** Rewrites `help domain add` to `domain add --help`; Commander's own help would stop at `domain`. */
export function helpAsOption(program: Command, argv: string[]): string[] {
  const [first, ...rest] = program.parseOptions(argv).operands
  return first === 'help' ? [...rest, '--help'] : argv
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

function mistakeOf(error: CommanderError, command: Command): EdgekeepError {
  const [first = ''] = command.args
  switch (error.code) {
    case 'commander.unknownCommand':
      return unknownCommand(first, command)
    case 'commander.help':
      // `domain help ad`
      if (first === 'help') return unknownCommand(command.args[1] ?? '', command)
      return noCommand(command)
    case 'commander.missingArgument':
      return wrong(`"${pathOf(command)}" needs ${argumentsOf(command)}.`, command)
    case 'commander.excessArguments':
      return tooMuch(command)
    case 'commander.missingMandatoryOptionValue':
      return wrong(
        [`"${pathOf(command)}" needs ${quoted(error.message)}.`, meantAsOption(command, first)],
        command,
      )
    case 'commander.optionMissingArgument':
      return wrong(`A value is missing: ${quoted(error.message)}.`, command)
    case 'commander.unknownOption':
      return unknownOption(quoted(error.message), error.message, command)
    default:
      return wrong(inOneSentence(error.message), command)
  }
}

/** Error for a group without a command: lists its commands, for a person a line each. */
function noCommand(command: Command): EdgekeepError {
  const needed = `"${pathOf(command)}" needs a command`
  if (rootOf(command).opts<GlobalOptions>().json)
    return wrong(`${needed}: ${listed(namesIn(command), 'or')}.`, command)
  const reason = `${needed}.\n\n${listOfCommands(command)}\n\nSee "${pathOf(command)} COMMAND --help".`
  return usageError(reason)
}

/** Commands of its help, except `help`, without styles. */
function listOfCommands(command: Command): string {
  const sections = command.helpInformation({ error: true }).split('\n\n')
  const list = sections.find((section) => section.startsWith('Commands:')) ?? ''
  return list
    .split('\n')
    .filter((line) => !line.startsWith('  help '))
    .join('\n')
    .trimEnd()
}

/** Options that are easily forgotten before their value: `verify FILE`, `trust install firefox`. */
const guessedOptions = ['--leaf', '--client']

/** The command line with the missing option before `word`; empty if there is none. */
function meantAsOption(command: Command, word: string): string {
  const option = command.options.find(({ long }) => guessedOptions.includes(long ?? ''))
  if (!option || word === '') return ''
  if (option.long === '--client' && isName(word))
    return `To set up a domain: "edgekeep setup ${echoOf(word)}".`
  return `Did you mean "${pathOf(command)} ${option.long} ${echoOf(word)}"?`
}

/** An extra argument after a command with a default, as in `usage shwo`, is probably a misspelled command. */
function tooMuch(command: Command): EdgekeepError {
  const { parent, args } = command
  const extra = args.slice(command.registeredArguments.length)
  const [first = ''] = extra
  const meant = meantAsOption(command, first)
  // The first of several words is a command: `trust verfiy firefox`.
  if (parent && (parent.args[0] ?? '') === first)
    return unknownCommand(first, parent, extra.length === 1 ? meant : '')
  const unexpected = listed(extra.map((word) => `"${echoOf(word)}"`))
  const wanted = argumentsOf(command)
  const takes = wanted === '' ? 'no arguments' : `only ${wanted}`
  return wrong([`Too many arguments: ${unexpected}. "${pathOf(command)}" takes ${takes}.`, meant], command)
}

function unknownOption(flag: string, message: string, command: Command): EdgekeepError {
  const plain = inOneSentence(message.split(suggestionStart)[0] ?? '')
  const isWindow = command.name() === 'open' && /^--no-(?:browser|window|open|gui)$/.test(flag)
  if (isWindow) return wrong(`${plain} To run without a window: "edgekeep up".`, command)
  const negation = negationMeant(flag, command)
  if (negation) return wrong(`${plain} ${negation}`, command)
  const meant = optionsMeant(flag, command).map((each) => `"${each}"`)
  return wrong(
    meant.length > 0 ? `${plain} Did you mean ${listed(meant, 'or')}?` : inOneSentence(message),
    command,
  )
}

function unknownCommand(word: string, command: Command, otherwise = ''): EdgekeepError {
  const isAct = isActOfGroups(word, command)
  const meant = isAct ? [] : commandsMeant(word, command).map((each) => `"${each}"`)
  const isFile = command.parent === null && existsSync(word)
  const isDomain = command.parent === null && !isFile && isName(word)
  const sentences = [
    `"${echoOf(word)}" is not a command${command.parent ? ` of "${pathOf(command)}"` : ''}.`,
    isAct
      ? 'Domains and certificates have commands of their own: "edgekeep domain --help", "edgekeep cert --help".'
      : '',
    meant.length > 0 ? `Did you mean ${listed(meant, 'or')}?` : otherwise,
    isFile ? 'To look into a file: "edgekeep inspect FILE".' : '',
    isDomain ? `To open a domain: "edgekeep open ${echoOf(word)}".` : '',
  ]
  return wrong(sentences, command)
}

/** `(Did you mean --json?)`, `(Did you mean one of --user, --users?)`. */
const suggestionStart = '\n(Did you mean '

function suggestionIn(message: string): string | undefined {
  const [, suggestion] = message.split(suggestionStart)
  const names = suggestion?.replace('one of ', '').split('?)')[0]
  return (
    names &&
    listed(
      names.split(', ').map((name) => `"${name}"`),
      'or',
    )
  )
}

/** Commander's message without `error:`, and with its suggestion as a sentence. */
function inOneSentence(message: string): string {
  const near = suggestionIn(message)
  const [mistake = ''] = message.split(suggestionStart)
  const text = mistake.replace(/^error: (?:command-)?/, '').replace(/\.$/, '')
  if (text === "unknown option '-v'") return 'Unknown option \'-v\'. Did you mean "--version"?'
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.${near ? ` Did you mean ${near}?` : ''}`
}

/** The option that Commander's message names. */
function quoted(message: string): string {
  return /'(.*)'/.exec(message)?.[1] ?? ''
}

function wrong(sentences: string | string[], command: Command): EdgekeepError {
  const text = [sentences].flat().filter(Boolean).join(' ')
  return usageError(`${text} See "${pathOf(command)} --help".`)
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command
}

/** `edgekeep domain add`. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

/** `<domain> [mode]`. */
function argumentsOf(command: Command): string {
  return command.registeredArguments
    .map((each) => {
      const name = `${each.name()}${each.variadic ? '...' : ''}`
      return each.required ? `<${name}>` : `[${name}]`
    })
    .join(' ')
}

function namesIn(command: Command): string[] {
  return command.commands.map((each) => each.name())
}

/** `a, b and c`. */
function listed(items: string[], joiner: 'and' | 'or' = 'and'): string {
  return new Intl.ListFormat('en-GB', { type: joiner === 'and' ? 'conjunction' : 'disjunction' }).format(
    items,
  )
}
