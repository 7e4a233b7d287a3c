import { IconCertificate } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/states.tsx'
import { ImportActions } from './import-actions.tsx'

/** The vault is empty: what a certificate here is good for, and how to bring the first. */
export function NoCertificates() {
  const { t } = useTranslation('certificates')
  return (
    <EmptyState
      icon={<IconCertificate size={28} stroke={1.5} />}
      title={t('empty.title')}
      text={t('empty.text')}
      action={<ImportActions />}
    />
  )
}
