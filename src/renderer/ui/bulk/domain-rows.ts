import type { TFunction } from 'i18next'
import type { PlannedRow, RowResult } from '../../../client/bulk-run.ts'
import type { Client } from '../../../client/client.ts'
import { isRefused, sourceOf, type BulkStep } from '../../../domain/bulk-plan.ts'
import { renew, sharedActs } from './row-acts.ts'

/** Rows of an act on many domains. Steps that one call carries out, tags and a shared certificate, share it. */
export function domainRows(
  client: Client,
  steps: readonly BulkStep[],
  t: TFunction<'domains'>,
): PlannedRow[] {
  const share = sharedActs()
  return steps.map((step) => {
    const row = { name: step.domain.displayName, plan: formatStep(step, t) }
    if (step.skip) return { ...row, outcome: isRefused(step) ? 'refused' : 'skipped' }
    const shared = sharedCall(client, step, steps)
    if (!shared) return { ...row, act: () => carryOut(client, step) }
    return { ...row, ...share(shared.key, shared.call) }
  })
}

function formatStep({ text, certificate, redirect, tags }: BulkStep, t: TFunction<'domains'>): string {
  const way =
    !redirect || redirect.mode === 'none' ? '' : `${t(`redirect.${redirect.mode}`)}, ${redirect.code}`
  return t(`bulk.plan.${text}`, {
    name: certificate?.name,
    redirect: way || t('redirect.none'),
    tags: tags?.join(', ') || t('bulk.noTags'),
  })
}

function sharedCall(
  client: Client,
  { text, certificate, tagChanges }: BulkStep,
  steps: readonly BulkStep[],
): { key: string; call: () => Promise<RowResult> } | null {
  if (text === 'renew' && certificate)
    return { key: certificate.id, call: () => renew(client, certificate.id) }
  if (text !== 'tag' || !tagChanges) return null
  const key = JSON.stringify(tagChanges)
  const call = async () => {
    const same = steps.filter((each) => !each.skip && JSON.stringify(each.tagChanges) === key)
    const { effect } = await client.domains.tag({
      domains: same.map(({ domain }) => domain.name),
      ...tagChanges,
    })
    return { effect }
  }
  return { key, call }
}

/** @throws EdgekeepError; a verification that does not hold returns its sentence */
async function carryOut(client: Client, step: BulkStep): Promise<RowResult> {
  const domain = step.domain.name
  switch (step.text) {
    case 'verify': {
      const { ok, summary } = await client.domains.check({ domain })
      return ok ? { text: summary } : { text: summary, failed: 'check.failed' }
    }
    case 'redirect': {
      const { redirect: read } = step.domain
      return client.domains.setRedirect({ domain, redirect: step.redirect ?? read, read })
    }
    case 'pause':
      return client.https.pause({ domain })
    case 'off':
      return client.https.disable({ domain })
    case 'remove':
      return client.domains.remove({ domain })
    default:
      return client.https.enable({ domain, source: sourceOf(step) })
  }
}
