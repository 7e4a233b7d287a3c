import { Command } from 'commander'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { Cli, Session } from '../../../../src/cli/frame/command.ts'
import { all, facts, group, keys, type OptionsOf } from '../../../../src/cli/frame/declare.ts'

const flags = {
  '--dry-run': 'only show the plan',
  '--name <name>': { about: 'a name', isRequired: true },
  '--key <kind>': { about: 'type of the key', choices: ['rsa', 'ec'], default: 'ec' },
  '--tag <tag...>': 'tags',
  '--to-file [how]': 'to a file',
  '--path <path>': 'a path',
  '--no-path': 'no path',
  '-f, --follow': 'follow',
  '--secret': { about: '', isHidden: true },
} as const

/** Runs words against commands whose actions note what they are called with. */
async function called(words: string[]): Promise<unknown[]> {
  const calls: unknown[][] = []
  const note =
    (kind: string) =>
    (act: (session: Session, ...args: never[]) => unknown) =>
    async (...args: never[]) => {
      calls.push([kind, ...args.slice(0, -1), await act({} as Session, ...args)])
    }
  const program = new Command('edgekeep').exitOverride().configureOutput({ writeErr: () => undefined })
  commands(program, { keys: note('keys'), facts: note('facts') } as unknown as Cli)
  await program.parseAsync(words, { from: 'user' })
  return calls[0] ?? []
}

const commands = all([
  group('thing', 'things', [
    keys('add <name>', {
      about: 'Add a thing.',
      flags,
      examples: ['thing add x --name y', '$ other < thing'],
      run: async (_session, _name: string, options: OptionsOf<typeof flags>) => ({ data: options, text: '' }),
    }),
    facts('list', { isDefault: true, about: 'List.', run: async () => ({ data: {}, text: 'listed' }) }),
  ]),
])

describe('a declared command', () => {
  test('gives its action the options by name, with defaults and choices', async () => {
    const [kind, name, options] = await called(['thing', 'add', 'x', '--name', 'y', '--tag', 'a', 'b', '-f'])
    expect([kind, name]).toEqual(['keys', 'x'])
    expect(options).toMatchObject({ name: 'y', key: 'ec', tag: ['a', 'b'], follow: true })
    expect((await called(['thing', 'add', 'x', '--name', 'y', '--no-path']))[2]).toMatchObject({
      path: false,
    })
    expectTypeOf<OptionsOf<typeof flags>>().toExtend<{
      name: string
      key: 'rsa' | 'ec'
      tag?: string[]
      dryRun?: boolean
      toFile?: string | true
      path?: string | false
      follow?: boolean
    }>()
  })

  test('refuses a missing required option and a value that is no choice', async () => {
    await expect(called(['thing', 'add', 'x'])).rejects.toThrow(/--name <name>/)
    await expect(called(['thing', 'add', 'x', '--name', 'y', '--key', 'dsa'])).rejects.toThrow(/rsa, ec/)
  })

  test('runs the default command of its group', async () => {
    expect(await called(['thing'])).toEqual(['facts', {}, { data: {}, text: 'listed' }])
  })

  test('shows its examples, and hides what is not for the help', () => {
    const program = new Command('edgekeep')
    commands(program, { keys: () => () => undefined, facts: () => () => undefined } as unknown as Cli)
    let help = ''
    const add = program.commands[0]?.commands[0]?.configureOutput({ writeOut: (text) => (help += text) })
    add?.outputHelp()
    expect(help).toContain('\nExamples:\n  $ edgekeep thing add x --name y\n  $ other < thing')
    expect(help).toContain('-f, --follow')
    expect(help).not.toContain('--secret')
  })
})
