import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from '../../../src/cli/program.ts'

/** A command's descriptions of its subcommands. */
function listsOf(command: Command): string[] {
  const help = command.createHelp()
  return command.commands.flatMap((each) => [help.subcommandDescription(each), ...listsOf(each)])
}

test('lists of commands are phrases, whatever the help of each begins with', () => {
  const lists = listsOf(createProgram(() => undefined))
  expect(lists.length).toBeGreaterThan(80)
  expect(lists.filter((text) => text === '' || /^[A-Z][a-z]|\.$/.test(text))).toEqual([])
  expect(lists).toContain('list the domains')
  expect(lists).toContain('HTTPS of a domain')
})

test('the help of every command begins with a sentence', () => {
  const heads = (command: Command): string[] => [
    command.createHelp().commandDescription(command),
    ...command.commands.flatMap(heads),
  ]
  expect(heads(createProgram(() => undefined)).filter((text) => !/^[^a-z].*\.$/s.test(text))).toEqual([])
})
