import { Command } from 'commander'
import { expect, test } from 'vitest'
import { statusCommand } from '../../../../../src/cli/commands/engine/status.ts'
import type { Cli, Result, Session } from '../../../../../src/cli/frame/command.ts'
import { engineView } from '../../../main/engine-view.ts'
import { certificateFacts, domainFacts, httpsOn } from '../../../renderer/features/domains/domain-facts.ts'

const dayMs = 86_400_000

/** Result of `status` where the certificates of these domains end in so many days. */
async function statusWith(daysLeft: Record<string, number>, targets: unknown[] = []): Promise<Result> {
  const domains = Object.entries(daysLeft).map(([name, days]) => {
    const notAfter = new Date(Date.now() + days * dayMs).toISOString()
    const https = httpsOn(certificateFacts(name, { notAfter, renewal: null }))
    return domainFacts({ name, displayName: name, https })
  })
  const client = {
    engine: { status: async () => engineView({}).status },
    vault: { schedule: async () => null },
    domains: { list: async () => domains },
    targets: { list: async () => targets },
  }
  const results: Result[] = []
  const facts: Cli['facts'] =
    (act) =>
    async (...given) => {
      results.push(await act({ client, global: {}, engineRuns: true } as unknown as Session, ...given))
    }
  const program = new Command()
  statusCommand(program, { facts } as Cli)
  await program.parseAsync(['status'], { from: 'user' })
  return results[0]!
}

test('status names the domains whose certificate is expired or expiring, by the rule of the lists', async () => {
  const { data, text } = await statusWith({
    'old.test': -2,
    'soon.test': 2,
    'late.test': -9,
    'fine.test': 300,
  })
  expect(text).toMatch(/^EXPIRED +old\.test, late\.test\. List them: edgekeep domain list --filter expired$/m)
  expect(text).toMatch(/^EXPIRING +soon\.test\. List them: edgekeep domain list --filter expiring$/m)
  expect(data).toMatchObject({ expired: ['old.test', 'late.test'], expiring: ['soon.test'] })
})

test('status has no line about certificates where all are fine', async () => {
  expect((await statusWith({ 'fine.test': 300 })).text).not.toMatch(/EXPIR/)
})

test('status names a target whose renewal was not complete', async () => {
  const lastAttempt = { at: '2026-11-29T10:00:00Z', code: null, summary: 'web1: no answer.' }
  const renewal = { attempts: 1, notBefore: '2026-11-29T10:01:00Z', lastAttempt }
  const { text } = await statusWith({}, [
    { name: 'web', renewal },
    { name: 'lb', renewal: null },
  ])
  expect(text).toMatch(
    /^WARNING +The last renewal of web was not complete. web1: no answer. The next attempt is at 2026-11-29T10:01:00Z.$/m,
  )
})
