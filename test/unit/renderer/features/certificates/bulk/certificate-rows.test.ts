import { expect, test } from 'vitest'
import { carryOutRows } from '../../../../../../src/client/bulk-run.ts'
import type { Client } from '../../../../../../src/client/client.ts'
import {
  planCertificates,
  undoOf,
  type CertificateFacts,
  type CertificateStep,
} from '../../../../../../src/renderer/features/certificates/bulk/certificate-plan.ts'
import { certificateRows } from '../../../../../../src/renderer/features/certificates/bulk/certificate-rows.ts'
import { certificateFacts } from '../../domains/domain-facts.ts'

const t = ((key: string, { count }: { count?: number } = {}) =>
  count === undefined ? key : `${key} ${count}`) as Parameters<typeof certificateRows>[2]
const facts: CertificateFacts = { domains: [], tags: { add: [], remove: [] } }
const named = (id: string, over = {}) => certificateFacts(id, { name: id, usedBy: [], ...over })

async function run(client: object, steps: readonly CertificateStep[]): Promise<string[]> {
  const outcomes: string[] = []
  await carryOutRows(certificateRows(client as Client, steps, t), {
    stop: new AbortController(),
    ended: ({ outcome }, at) => void (outcomes[at] = outcome),
  })
  return outcomes
}

test('tags of many certificates are one change, which the undo takes back', async () => {
  const calls: unknown[] = []
  const tag = async (input: unknown) => ({ effect: null, changed: calls.push(input) })
  const tags = { add: ['eu'], remove: [] }
  const certificates = [named('a'), named('b', { tags: ['eu'] }), named('c', { tags: ['prod'] })]
  const steps = planCertificates('tag', certificates, { ...facts, tags })
  expect(await run({ certificates: { tag } }, steps)).toEqual(['done', 'skipped', 'done'])
  expect(calls).toEqual([{ ids: ['a', 'c'], ...tags }])
  const undone = steps.filter(({ skip }) => !skip).flatMap((step) => undoOf(step) ?? [])
  expect(await run({ certificates: { tag } }, undone)).toEqual(['done', 'done'])
  expect(calls[1]).toEqual({ ids: ['a', 'c'], add: [], remove: ['eu'] })
})

test('a certificate in use is not deleted, and a deleted one has no undo', async () => {
  const ids: string[] = []
  const remove = async ({ id }: { id: string }) => void ids.push(id)
  const steps = planCertificates('remove', [named('a', { usedBy: ['shop.test'] }), named('b')], facts)
  expect(await run({ certificates: { remove } }, steps)).toEqual(['refused', 'done'])
  expect(ids).toEqual(['b'])
  expect(steps.map(undoOf)).toEqual([null, null])
})

test('the plan of a deletion counts the domains that lose the way back', () => {
  const domains = ['b', 'b', 'c'].map((id) => ({ https: { previousCertificate: { id } } }))
  const given = { ...facts, domains: domains as unknown as CertificateFacts['domains'] }
  const rows = certificateRows({} as Client, planCertificates('remove', [named('a'), named('b')], given), t)
  expect(rows.map(({ plan }) => plan)).toEqual(['bulk.plan.remove 0', 'bulk.plan.remove 2'])
})

test('a certificate that no authority of the vault issued is not renewed', async () => {
  const ids: string[][] = []
  async function* renewed() {
    yield { outcome: 'renewed', message: 'Renewed.', code: null }
  }
  const renew = async (input: { ids: string[] }) => {
    ids.push(input.ids)
    return renewed()
  }
  const certificates = [named('a', { renewal: { by: 'acme' } }), named('b', { renewal: { by: 'reminder' } })]
  const steps = planCertificates('renew', certificates, facts)
  expect(await run({ renewal: { renew } }, steps)).toEqual(['done', 'refused'])
  expect(ids).toEqual([['a']])
})
