import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Option } from 'commander'
import { createProgram } from '../src/cli/program.ts'

/*
 * Writes the tables of docs/guide/command-line.md from the command line itself. What stands above the first
 * table's heading is written by hand.
 */

const page = join(import.meta.dirname, '../docs/guide/command-line.md')
const firstHeading = '\n## Start here\n'

/** The tables, a section for each group of the help. */
export function commandTables(program: Command = createProgram(() => undefined)): string {
  const groups = Map.groupBy(program.commands, (command) => command.helpGroup().replace(/:$/, ''))
  return [...groups].map(([title, commands]) => section(title, commands)).join('\n')
}

function section(title: string, commands: Command[]): string {
  const all = commands.flatMap(withThoseBelow)
  const rows = all.map(({ command, name }) => `| \`${nameAndArguments(command, name)}\` | ${what(command)} |`)
  const options = all.flatMap(({ command, name }) =>
    optionsOf(command).map((option, at) => [
      at === 0 ? `\`${name}\`` : '',
      `\`${escaped(option.flags)}\``,
      prose(meaning(option)),
    ]),
  )
  const optionRows = options.map((cells) => `| ${cells.join(' | ')} |`)
  return [
    `## ${title}\n`,
    '| Command | What it does |\n| --- | --- |',
    `${rows.join('\n')}\n`,
    ...(optionRows.length > 0
      ? [`| Options of | Option | Meaning |\n| --- | --- | --- |`, `${optionRows.join('\n')}\n`]
      : []),
  ].join('\n')
}

/** Options that the page explains once. */
const everywhere = ['--yes', '--dry-run']

interface Named {
  command: Command
  name: string
}

/** Commands that do something; a group with a default command is its default. */
function withThoseBelow(command: Command): Named[] {
  const below = (each: Command, above: string): Named[] => {
    const name = `${above} ${each.name()}`.trim()
    const own = each.commands.length === 0 || each.registeredArguments.length > 0
    return [...(own ? [{ command: each, name }] : []), ...each.commands.flatMap((next) => below(next, name))]
  }
  return below(command, '')
}

function optionsOf(command: Command): Option[] {
  return command.options.filter(({ hidden, long }) => !hidden && !everywhere.includes(long ?? ''))
}

function meaning({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(', ')}` : ''
  const preset = typeof defaultValue === 'string' ? ` (default: ${defaultValue})` : ''
  return `${description}${choices}${preset}`
}

function nameAndArguments(command: Command, name: string): string {
  const parts = command.registeredArguments.map((each) => {
    const word = `${each.name().toUpperCase()}${each.variadic ? '…' : ''}`
    return each.required ? word : `[${word}]`
  })
  return escaped([name, ...parts].join(' '))
}

function what(command: Command): string {
  const text = command.summary() || firstSentence(command.description())
  return prose(/^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text)
}

function firstSentence(text: string): string {
  return text.split(/\.(?:\s|$)/)[0] ?? text
}

/** Text in which no sign is markup. */
function prose(text: string): string {
  return escaped(text.replaceAll(/[*_<>]/g, '\\$&'))
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}

if (process.argv[1] === import.meta.filename) {
  const [above = ''] = readFileSync(page, 'utf8').split(firstHeading)
  writeFileSync(page, `${above.trimEnd()}\n\n${commandTables()}`)
}
