import type { TFunction } from 'i18next'
import { expect, test } from 'vitest'
import { carryOutRows } from '../../../../../src/client/bulk-run.ts'
import type { Client } from '../../../../../src/client/client.ts'
import { planBulk, type BulkFacts } from '../../../../../src/domain/bulk-plan.ts'
import { domainRows } from '../../../../../src/renderer/ui/bulk/domain-rows.ts'
import { certificateFacts, domainFacts, httpsOn } from '../../features/domains/domain-facts.ts'

const t = ((key: string) => key) as TFunction<'domains'>
const facts: BulkFacts = { certificates: [], now: new Date('2026-11-29T00:00:00.000Z') }
const named = (name: string, over = {}) => domainFacts({ name, displayName: name, ...over })

async function run(client: object, ...plan: Parameters<typeof planBulk>): Promise<string[]> {
  const rows = domainRows(client as Client, planBulk(...plan), t)
  const outcomes: string[] = []
  const ended = ({ outcome }: { outcome: string }, at: number) => void (outcomes[at] = outcome)
  await carryOutRows(rows, { stop: new AbortController(), ended })
  return outcomes
}

test('tags of many domains are one change, of those that it changes', async () => {
  const calls: unknown[] = []
  const tag = async (input: unknown) => ({ effect: null, changed: calls.push(input) })
  const domains = [named('a.test'), named('b.test', { tags: ['eu'] }), named('c.test')]
  const tags = { add: ['eu'], remove: [] }
  expect(await run({ domains: { tag } }, 'tag', domains, { ...facts, tags })).toEqual([
    'done',
    'skipped',
    'done',
  ])
  expect(calls).toEqual([{ domains: ['a.test', 'c.test'], ...tags }])
})

test('a certificate of several domains is renewed once, and fails for each of them', async () => {
  const ids: string[][] = []
  async function* renewed() {
    yield { outcome: 'held', message: 'It would be worse.', code: null }
  }
  const renew = async (input: { ids: string[] }) => {
    ids.push(input.ids)
    return renewed()
  }
  const local = certificateFacts('local', { renewal: { by: 'local' } as never })
  const domains = ['a.test', 'b.test'].map((name) => named(name, { https: httpsOn(local) }))
  expect(await run({ renewal: { renew } }, 'renew', domains, facts)).toEqual(['failed', 'failed'])
  expect(ids).toEqual([['local']])
})

test('a renewal without a result is unknown', async () => {
  async function* silent() {}
  const local = certificateFacts('local', { renewal: { by: 'local' } as never })
  const domains = [named('a.test', { https: httpsOn(local) })]
  expect(await run({ renewal: { renew: async () => silent() } }, 'renew', domains, facts)).toEqual([
    'unknown',
  ])
})

test('a redirect is set only where it is still as it was planned', async () => {
  const calls: unknown[] = []
  const setRedirect = async (input: unknown) => ({ effect: null, calls: calls.push(input) })
  const redirect = { mode: 'https', code: 302 } as const
  const domains = [named('a.test', { https: httpsOn(certificateFacts('own')) })]
  expect(await run({ domains: { setRedirect } }, 'redirect', domains, { ...facts, redirect })).toEqual([
    'done',
  ])
  expect(calls).toEqual([{ domain: 'a.test', redirect, read: { mode: 'none', code: 301 } }])
})
