import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../../contract/domains/domains.ts'
import classes from './dialog.module.css'
import { HttpsSettingsForm } from './form.tsx'

/** HTTPS settings of one domain; closed while `intent` is null. */
export function HttpsSettingsDialog(props: {
  domain: Domain
  intent: SettingsIntent | null
  files: readonly File[]
  onClose: () => void
}) {
  const { t } = useTranslation('domains')
  return (
    <Modal
      opened={props.intent !== null}
      onClose={props.onClose}
      title={t('settings.title', { domain: props.domain.displayName })}
      closeOnClickOutside={false}
      size={860}
      yOffset="3vh"
      classNames={{ body: classes.modalBody, content: classes.modalContent }}
    >
      {props.intent ? (
        <HttpsSettingsForm
          domain={props.domain}
          files={props.files}
          turnOff={props.intent === 'turn-off'}
          onClose={props.onClose}
        />
      ) : null}
    </Modal>
  )
}

export type SettingsIntent = 'serve' | 'turn-off'
