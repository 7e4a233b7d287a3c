import type { Command } from 'commander'
import { createProgram } from '../../src/cli/program.ts'

const program = createProgram(() => undefined)

/** Long options of every command. */
export const allOptions = new Set(longOptions(program))

function longOptions({ options, commands }: Command): string[] {
  return ['--help', ...options.map(({ long }) => long ?? ''), ...commands.flatMap(longOptions)]
}

/** Labels of derived keys and words of scripts. */
const noCommand = /^edgekeep (?:seal|recovery key|for (?:bash|zsh|fish)) ?/

/**
 * Command lines in a text whose command or options do not exist. One ends with the line, at a quotation mark,
 * a pipe, a comment, a placeholder or two spaces.
 */
export function unknownCommands(text: string): string[] {
  return [...text.matchAll(/(?<![\w/.-])edgekeep (?:(?! {2}|\\n|\$\{)[^`"'’|#()\n])+/g)]
    .map(([line]) => line.trim())
    .filter((line) => !noCommand.test(line) && !isKnown(line.split(' ').slice(1)))
}

function isKnown(line: string[]): boolean {
  // Behind `--` is a command of another program.
  const end = line.indexOf('--')
  const words = end < 0 ? line : line.slice(0, end)
  let command = program
  for (const [at, word] of words.entries()) {
    const next = command.commands.find((each) => each.name() === word)
    if (!next) {
      if (at === 0 && /^[a-z]/.test(word)) return false
      // A word behind a group without arguments is meant as one of its commands.
      if (isGroup(command) && command !== program && /^[a-z][a-z-]*$/.test(word)) return false
      break
    }
    command = next
  }
  const known = [program, command, ...command.commands].flatMap(({ options }) => options)
  return words
    .filter((word) => word.startsWith('--'))
    .map((word) => word.replace(/[=,.:;…\]].*$/, ''))
    .every((word) => word === '--help' || known.some(({ long }) => long === word))
}

function isGroup({ commands, registeredArguments }: Command): boolean {
  return commands.length > 0 && registeredArguments.length === 0
}
