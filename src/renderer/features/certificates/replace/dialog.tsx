import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import classes from './replace.module.css'
import { ReplaceForm } from './form.tsx'

export function ReplaceDialog(props: { opened: boolean; summary: CertificateSummary; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('replace.title', { name: props.summary.name })}
      size={820}
      closeOnClickOutside={false}
      classNames={{ body: classes.body }}
    >
      <ReplaceForm summary={props.summary} onClose={props.onClose} />
    </Modal>
  )
}
