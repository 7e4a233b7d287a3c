import { Command } from 'commander'
import { afterEach, expect, test, vi } from 'vitest'
import { replaceCommand } from '../../../../../src/cli/commands/cert/replace.ts'
import type { Cli, Result, Session } from '../../../../../src/cli/frame/command.ts'
import { agreeingTerminal } from '../../../../support/processes/agreeing-terminal.ts'

afterEach(() => vi.restoreAllMocks())

const problem = 'it has expired'

/** Result of the command for an expired certificate, and the changes that the engine was asked for. */
async function replace(words: string[]) {
  const changes: { acceptWorse?: boolean }[] = []
  const client = {
    certificates: {
      find: async ({ reference }: { reference: string }) => ({ id: reference }),
      async replace(input: { dryRun?: boolean; acceptWorse?: boolean }) {
        if (!input.dryRun) changes.push(input)
        return {
          ...{ old: { name: 'old' }, new: { name: 'expired' }, erased: [], problems: [problem] },
          impact: { namesLost: [], namesGained: [] },
          domains: [{ domain: 'shop.test', outcome: 'replaced' }],
          effect: input.dryRun ? null : { version: 2, inEffect: 2 },
        }
      },
    },
  }
  let result: Result | undefined
  const keys: Cli['keys'] =
    (act) =>
    async (...given) => {
      result = await act({ client, global: {} } as unknown as Session, ...given)
    }
  const program = new Command()
  replaceCommand(program, { keys } as Cli)
  await program.parseAsync(['replace', 'old', '--with', 'expired', ...words], { from: 'user' })
  return { result: result!, changes }
}

test('a certificate that would be refused is refused without a terminal, and its plan says so', async () => {
  await expect(replace([])).rejects.toMatchObject({
    code: 'certificate.worse',
    message: expect.stringContaining('--accept-worse') as string,
  })
  const { result, changes } = await replace(['--dry-run'])
  expect(changes).toEqual([])
  expect(result.no).toMatchObject({ code: 'certificate.worse' })
  expect(result.text).toContain('shop.test stays as it is, since the new certificate would be refused')
})

test('a terminal is shown the problems first and asked once', async () => {
  const { shown, questions } = agreeingTerminal()
  const { changes } = await replace([])
  expect(shown()).toMatch(/^The new certificate has a problem: it has expired\.\nshop\.test gets/)
  expect(questions()).toEqual(['Use it anyway? [y/N]'])
  expect(changes).toMatchObject([{ acceptWorse: true }])
})

test.each([
  ['--yes', 'Use it anyway? [y/N]'],
  ['--accept-worse', 'Make this change? [y/N]'],
])('a terminal is asked once after %s as well', async (option, question) => {
  const { questions } = agreeingTerminal()
  const { changes } = await replace([option])
  expect(questions()).toEqual([question])
  expect(changes).toMatchObject([{ acceptWorse: true }])
})
