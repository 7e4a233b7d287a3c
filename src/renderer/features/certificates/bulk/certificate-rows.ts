import type { TFunction } from 'i18next'
import type { PlannedRow, RowResult } from '../../../../client/bulk-run.ts'
import type { Client } from '../../../../client/client.ts'
import { renew, sharedActs } from '../../../ui/bulk/row-acts.ts'
import { namesInShort } from '../../../ui/lists/names-in-short.ts'
import { isRefused, type CertificateStep } from './certificate-plan.ts'

/** Rows of an act on many certificates; those with the same change of tags share one call. */
export function certificateRows(
  client: Client,
  steps: readonly CertificateStep[],
  t: TFunction<readonly ['certificates', 'domains']>,
): PlannedRow[] {
  const share = sharedActs()
  return steps.map((step) => {
    const { certificate, skip, text } = step
    const row = { name: certificate.name, plan: formatStep(step, t) }
    if (skip) return { ...row, outcome: isRefused(step) ? 'refused' : 'skipped' }
    if (text === 'tag') return { ...row, ...share(keyOf(step), () => tag(client, step, steps)) }
    return { ...row, act: () => carryOut(client, step) }
  })
}

function keyOf({ tagChanges }: CertificateStep): string {
  return JSON.stringify(tagChanges)
}

async function tag(
  client: Client,
  step: CertificateStep,
  steps: readonly CertificateStep[],
): Promise<RowResult> {
  const key = keyOf(step)
  const ids = steps
    .filter((each) => !each.skip && keyOf(each) === key)
    .map(({ certificate }) => certificate.id)
  const { effect } = await client.certificates.tag({ ids, ...step.tagChanges })
  return { effect }
}

async function carryOut(client: Client, { text, certificate: { id } }: CertificateStep): Promise<RowResult> {
  if (text === 'renew') return renew(client, id)
  await client.certificates.remove({ id })
  return {}
}

function formatStep(
  { text, tags, certificate, rollbacks = 0 }: CertificateStep,
  t: TFunction<readonly ['certificates', 'domains']>,
): string {
  switch (text) {
    case 'tag':
    case 'taggedAlready':
    case 'tooManyTags':
      return t(`domains:bulk.plan.${text}`, { tags: tags?.join(', ') || t('domains:bulk.noTags') })
    case 'inUse':
      return t('bulk.plan.inUse', { domains: namesInShort(certificate.usedBy, 3) })
    case 'remove':
      return t('bulk.plan.remove', { count: rollbacks })
    default:
      return t(`bulk.plan.${text}`)
  }
}
