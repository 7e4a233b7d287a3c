import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import type { Renewed } from '../../../../contract/issuing/renewal.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { shortDate } from '../../../ui/primitives/time.tsx'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'

export function useRenewalLabel({ renewal }: CertificateSummary): string | null {
  const { t, i18n } = useTranslation('domains')
  if (!renewal) return null
  const date = shortDate(renewal.at, i18n.language)
  return t(`https.renewal.${renewal.by}`, { date, account: renewal.account ?? '' })
}

/** Problem of a renewal with its remedy; renders nothing if there is none. */
export function RenewalTrouble({ certificate }: { certificate: CertificateSummary }) {
  const { t, i18n } = useTranslation('domains')
  const client = useClient()
  const call = useCall()
  const { id, renewal } = certificate
  if (!renewal) return null
  const { failure, held, waitsForVault } = renewal

  async function renew(acceptWorse: boolean) {
    const results = await call.run(async () => {
      const all: Renewed[] = []
      for await (const result of await client.renewal.renew({ ids: [id], acceptWorse })) all.push(result)
      return all
    })
    if (results?.[0]?.outcome === 'renewed') notifyDone(results[0].message)
  }
  if (!failure && !held) {
    return waitsForVault ? (
      <VerdictRow verdict="no" label={t('https.renewal.waits')} reason={t('https.renewal.waitsReason')} />
    ) : null
  }
  const next = failure
    ? t('https.renewal.next', { time: new Date(failure.nextAt).toLocaleString(i18n.language) })
    : ''
  return (
    <>
      <VerdictRow
        verdict="no"
        label={t(held ? 'https.renewal.held' : 'https.renewal.failed')}
        reason={held ? `${held.reasons.join('; ')}.` : `${failure?.message ?? ''} ${next}`}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <ChangeButton
        variant="default"
        size="xs"
        my="sm"
        loading={call.busy}
        onClick={() => void renew(held !== null)}
      >
        {t(held ? 'https.renewal.accept' : 'https.renewal.again')}
      </ChangeButton>
    </>
  )
}
