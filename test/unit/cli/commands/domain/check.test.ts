import { Command } from 'commander'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { checkCommand } from '../../../../../src/cli/commands/domain/check.ts'
import type { Cli, Result, Session } from '../../../../../src/cli/frame/command.ts'
import { sentEvent } from '../../../../../src/contract/domains/listed-domain.ts'
import type { NameLeads } from '../../../../../src/contract/names/names.ts'
import { domainFacts } from '../../../renderer/features/domains/domain-facts.ts'

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
})
afterEach(() => void vi.restoreAllMocks())

/** Result of the command where the edge answers to every domain, and the names lead as given. */
async function check(words: string[], leads: Record<string, NameLeads>): Promise<Result> {
  const names = Object.keys(leads)
  const client = {
    domains: {
      watch: async () => [
        sentEvent({
          type: 'snapshot',
          items: names.map((name) => domainFacts({ name, displayName: name })),
          complete: true,
        }),
      ],
      check: async ({ domain }: { domain: string }) => ({
        domain,
        ok: true,
        summary: 'It works.',
        steps: [],
      }),
    },
    names: {
      status: async ({ domains }: { domains: string[] }) => ({
        names: domains.map((domain) => ({
          domain,
          host: domain,
          leads: leads[domain],
          sentence: '',
          fix: null,
        })),
      }),
    },
  }
  const session = { client, global: { json: true } } as unknown as Session
  let result: Result | undefined
  const facts: Cli['facts'] =
    (act) =>
    async (...given) => {
      result = await act(session, ...given)
    }
  const program = new Command()
  checkCommand(program, { facts } as Cli)
  await program.parseAsync(['check', ...words], { from: 'user' })
  return result!
}

test('a name whose look-up had no answer is an outcome of its own, and no success', async () => {
  const leads = { 'shop.test': 'here', 'slow.test': 'unanswered', 'none.test': 'nowhere' } as const
  const { data, text, no } = await check(['--all'], leads)
  expect(data).toMatchObject({ rows: 3, counts: { done: 1, unanswered: 1, failed: 1 } })
  expect(no).toMatchObject({ code: 'bulk.not_all', data: { failed: 2, rows: 3 } })
  expect(text).toMatch(/no answer +slow\.test +It works\. The look-up of slow\.test had no answer in time/)
})

test('one name whose look-up had no answer is no success either', async () => {
  expect((await check(['slow.test'], { 'slow.test': 'unanswered' })).no).toMatchObject({
    code: 'names.unanswered',
  })
  expect((await check(['shop.test'], { 'shop.test': 'here' })).no).toBeUndefined()
})
