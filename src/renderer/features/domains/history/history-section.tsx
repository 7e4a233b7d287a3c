import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { HistoryList } from '../../../ui/lists/history.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'

export function HistorySection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('history')
  const client = useClient()
  const { name, updatedAt } = domain
  const load = useCallback(() => client.domains.history({ domain: name }), [client, name])
  return (
    <Section title={t('title')} description={t('text')}>
      <HistoryList load={load} asOf={updatedAt} />
    </Section>
  )
}
