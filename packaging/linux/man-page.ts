import type { Command } from 'commander'
import { product } from '../product.ts'

/**
 * Manual page edgekeep(1) in the macros of man(7), generated from the help of the command line: one section
 * with every command and its options, instead of 116 pages.
 */
export function manPage(program: Command): string {
  const version = program.version() ?? ''
  return [
    `.TH EDGEKEEP 1 "" "${product.name} ${version}" "User Commands"`,
    '.SH NAME',
    `edgekeep \\- ${roff(product.summary.charAt(0).toLowerCase() + product.summary.slice(1))}`,
    '.SH SYNOPSIS',
    '.B edgekeep',
    '[\\fIoptions\\fR] [\\fIcommand\\fR]',
    '.SH DESCRIPTION',
    roff(`${product.description.join(' ')} Without a command it opens the window.`),
    '.SH OPTIONS',
    ...optionLines(program),
    '.SH COMMANDS',
    ...leavesOf(program).flatMap(commandLines),
    '.SH EXIT STATUS',
    '0 yes, 1 no, 2 wrong usage or input, 3 engine failure.',
    '',
  ].join('\n')
}

/** Executable commands, depth first; `help` is Commander's own. */
function leavesOf(command: Command): Command[] {
  const { commands } = command
  return commands.length === 0 ? [command] : commands.flatMap(leavesOf)
}

function commandLines(command: Command): string[] {
  const description = command.description()
  return [
    `.SS "edgekeep ${roff(pathOf(command))} ${roff(command.usage())}"`,
    roff(description.charAt(0).toUpperCase() + description.slice(1)),
    ...optionLines(command),
  ]
}

function pathOf(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name()
}

function optionLines(command: Command): string[] {
  return command.options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ flags, description }) => ['.TP', `.B ${roff(flags)}`, roff(description)])
}

/** Escapes text for roff: backslashes, literal hyphens, and control characters at the start of a line. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/^(?=[.'])/, '\\&')
}
