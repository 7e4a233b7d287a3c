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

/** Commands that run, each with its path: `edgekeep domain add`. */
function leavesOf(command: Command, path = command.name()): { path: string; command: Command }[] {
  return command.commands.length === 0
    ? [{ path, command }]
    : command.commands.flatMap((each) => leavesOf(each, `${path} ${each.name()}`))
}

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp()
  return text
}

test('the help of every command has an example of it, with options that it has', () => {
  const program = createProgram(() => undefined)
  const leaves = leavesOf(program)
  expect(leaves.length).toBeGreaterThan(110)
  const unusable = leaves.filter(({ path, command }) => {
    const [, examples = ''] = helpOf(command).split(/\nExamples?:\n/)
    const lines = examples.split('\n').filter((line) => / \$ /.test(line) && `${line} `.includes(`${path} `))
    const known = [...program.options, ...command.options].map(({ long }) => long)
    const used = lines.flatMap((line) => [...line.matchAll(/ (--[a-z\d-]+)/g)].map(([, option]) => option))
    return lines.length === 0 || used.some((option) => !known.includes(option))
  })
  expect(unusable.map(({ path }) => path)).toEqual([])
})

test('the help lists the commands in groups, the six that most people need first', () => {
  const help = helpOf(createProgram(() => undefined))
  const sections = help.split('\n\n').filter((section) => /^[A-Z][a-z ]+:\n {2}[a-z]/.test(section))
  const titles = sections.map((section) => section.split(':')[0])
  expect(titles).toEqual([
    'Start here',
    'Serve',
    'Certificates',
    'Publish',
    'This computer',
    'Inspect',
    'Vault',
    'Engine',
  ])
  const names = sections.map((section) => [...section.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name))
  expect(names[0]).toEqual(['setup', 'run', 'open', 'domain', 'check', 'inspect'])
  const all = createProgram(() => undefined).commands.map((each) => each.name())
  expect(new Set(names.flat())).toEqual(new Set([...all, 'help']))
})
