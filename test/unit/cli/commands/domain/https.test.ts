import { Command } from 'commander'
import { afterEach, expect, test, vi } from 'vitest'
import { httpsCommands } from '../../../../../src/cli/commands/domain/https.ts'
import type { Cli, Result, Session } from '../../../../../src/cli/frame/command.ts'
import { agreeingTerminal } from '../../../../support/processes/agreeing-terminal.ts'

afterEach(() => vi.restoreAllMocks())

const loss = 'This erases the certificate "First" and its private key. --keep-old keeps it.'
const problem = 'The new certificate has a problem: it has expired.'

/** Runs `https on` with an expired certificate, whose swap erases another; returns what the engine was asked for. */
async function turnOn(words: string[]) {
  const changes: { acceptWorse?: boolean }[] = []
  const client = {
    certificates: { find: async () => ({ id: 'expired' }) },
    setup: { plan: async () => ({ steps: [] }) },
    https: {
      preview: async ({ keepOld }: { keepOld?: boolean }) => ({
        ...{ certificate: { name: 'expired' }, impact: null, problems: ['it has expired'] },
        erased: keepOld ? [] : ['First'],
      }),
      async enable(input: { acceptWorse?: boolean }) {
        changes.push(input)
        const https = { state: 'on', certificate: null, outage: null }
        const effect = { version: 2, inEffect: 2 }
        return { domain: { displayName: 'shop.test', https }, effect, impact: null, erased: [] }
      },
    },
  }
  const keys: Cli['keys'] =
    (act) =>
    async (...given): Promise<void> => {
      const result: Result = await act({ client, global: {} } as unknown as Session, ...given)
      expect(result.no).toBeUndefined()
    }
  const program = new Command()
  httpsCommands(program, { keys } as Cli)
  await program.parseAsync(['https', 'on', 'shop.test', '--cert', 'expired', ...words], { from: 'user' })
  return changes
}

test.each([
  [[], `${problem} ${loss} Use it anyway? [y/N]`, true],
  [['--yes'], `${problem} Use it anyway? [y/N]`, true],
  [['--keep-old'], `${problem} Use it anyway? [y/N]`, true],
  [['--accept-worse'], `${problem} ${loss} Swap the certificate of shop.test? [y/N]`, true],
])(
  'a worse certificate that erases another is asked about once after %j',
  async (words, question, acceptWorse) => {
    const { shown, questions } = agreeingTerminal()
    expect(await turnOn(words)).toMatchObject([{ acceptWorse }])
    expect(questions()).toHaveLength(1)
    expect(shown()).toContain(question)
  },
)

test('nothing is asked where all is accepted', async () => {
  const { questions } = agreeingTerminal()
  expect(await turnOn(['--yes', '--accept-worse'])).toMatchObject([{ acceptWorse: true }])
  expect(questions()).toEqual([])
})

test('a worse certificate without a terminal is not accepted', async () => {
  expect(await turnOn(['--yes'])).toMatchObject([{ acceptWorse: false }])
  await expect(turnOn([])).rejects.toMatchObject({ code: 'usage.wrong' })
})
