import type { Command } from 'commander'

export interface CompletedWord {
  word: string
  description: string
}

/** Words that can follow a command: `path` is `''` for the program, ` domain add` for a command of a group. */
export interface CompletedCommand {
  path: string
  commands: CompletedWord[]
  options: (CompletedWord & { takesValue: boolean; choices: readonly string[] })[]
  /** Choices of its arguments. */
  choices: readonly string[]
  takesDomain: boolean
  takesFile: boolean
}

export function completionTable(program: Command): CompletedCommand[] {
  return entriesOf(program, '')
}

function entriesOf(command: Command, path: string): CompletedCommand[] {
  const help = command.createHelp()
  const subcommands = help.visibleCommands(command)
  const entry: CompletedCommand = {
    path,
    commands: subcommands.map((each) => ({
      word: each.name(),
      description: help.subcommandDescription(each),
    })),
    options: help.visibleOptions(command).map(({ long, description, required, argChoices }) => ({
      word: long ?? '',
      description,
      takesValue: required,
      choices: argChoices ?? [],
    })),
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    takesDomain: takes(command, [
      'domain',
      'from',
      'name-or-file',
      ...(command.name() === 'add' ? [] : ['name']),
    ]),
    takesFile: takes(command, ['name-or-file']),
  }
  return [entry, ...command.commands.flatMap((each) => entriesOf(each, `${path} ${each.name()}`))]
}

function takes({ registeredArguments }: Command, names: string[]): boolean {
  return registeredArguments.some((argument) => names.includes(argument.name()))
}
