import { Modal, Stack } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { KeyKind } from '../../../contract/issuing/issuing.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { DialogButtons, KeyField, NamesField, namesIn } from './dialog-fields.tsx'

/** Creates a CSR for another authority; its key stays in the vault. */
export function RequestDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('issuing')
  const client = useClient()
  const call = useCall()
  const [names, setNames] = useState('')
  const [key, setKey] = useState<KeyKind>('p256')
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const made = await call.run(() => client.localCertificates.request({ names: namesIn(names), key }))
    if (!made) return
    notifyDone(t('request.done', { name: made.title }))
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('request.title')} size="md">
      <form onSubmit={(event) => void send(event)}>
        <Stack gap="md">
          <p>{t('request.text')}</p>
          <NamesField value={names} onChange={setNames} />
          <KeyField value={key} onChange={setKey} />
          {call.error ? <ErrorPanel error={call.error} /> : null}
          <DialogButtons
            label={t('request.do')}
            isBusy={call.busy}
            missing={namesIn(names).length === 0 ? t('missing.names') : null}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  )
}
