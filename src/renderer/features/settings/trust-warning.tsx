import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../connection/engine-context.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'

/** Warning about stores that trust the current authority, which may differ from the one in the backup. */
export function TrustWarning() {
  const { t } = useTranslation('settings')
  const client = useClient()
  const { run, error } = useCall()
  const [stores, setStores] = useState<string[]>([])
  useEffect(() => {
    void run(async () => {
      if ((await client.authority.get()) === null) return []
      const { steps } = await client.trust.plan({ action: 'undo' })
      return steps.map(({ title }) => title)
    }).then((titles) => titles && setStores(titles))
  }, [client, run])
  if (error) return <ErrorPanel error={error} />
  if (stores.length === 0) return null
  return (
    <VerdictRow
      verdict="caution"
      label={t('backup.trusted')}
      reason={t('backup.trustedText', { stores: stores.join(', ') })}
    />
  )
}
