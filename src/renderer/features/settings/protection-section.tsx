import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine-status.ts'
import { Section } from '../../ui/page-layout.tsx'
import { VerdictRow } from '../../ui/verdict-row.tsx'

export function ProtectionSection({ protection }: { protection: EngineStatus['protection'] }) {
  const { t } = useTranslation('settings')
  return (
    <Section title={t('protection.title')} description={t('protection.text')}>
      <VerdictRow
        verdict={protection.weak ? 'caution' : 'yes'}
        label={t(`protection.${protection.protector}`)}
        reason={protection.reason}
      />
    </Section>
  )
}
