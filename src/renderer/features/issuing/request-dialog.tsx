import { Button, Group, Modal, Select, Stack, Textarea } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { keyKinds, type KeyKind } from '../../../contract/issuing.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { ChangeButton } from '../../ui/change-button.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { ErrorPanel } from '../../ui/states.tsx'
import { useCall } from '../../ui/use-call.ts'
import { namesIn } from './names-in.ts'

/** A request for somebody else to sign; its key stays in the vault. */
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
          <Textarea
            label={t('issue.names')}
            value={names}
            onChange={({ currentTarget: { value } }) => setNames(value)}
            autosize
            minRows={2}
            data-autofocus
          />
          <Select
            label={t('issue.key')}
            data={keyKinds.map((value) => ({ value, label: t(`key.${value}`) }))}
            value={key}
            onChange={(value) => setKey(keyKinds.find((each) => each === value) ?? 'p256')}
            allowDeselect={false}
          />
          {call.error ? <ErrorPanel error={call.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <ChangeButton type="submit" loading={call.busy}>
              {t('request.do')}
            </ChangeButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
