import { Button, Group, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WaitingRequest } from '../../../contract/local-authority/local-certificates.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { ConfirmCall } from '../../ui/forms/dialog.tsx'
import { downloadText } from '../../ui/primitives/download.ts'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { useCall, notifyDone } from '../../ui/feedback/feedback.tsx'
import type { KeyKind } from '../../../contract/issuing/issuing.ts'
import { KeyField, NamesField, namesIn, FormDialog } from './dialog-fields.tsx'

export function RequestList({ requests, changed }: { requests: WaitingRequest[]; changed: () => void }) {
  const { t } = useTranslation('issuing')
  const [forgetting, setForgetting] = useState<WaitingRequest | null>(null)
  if (requests.length === 0) return null
  return (
    <Section title={t('requests.title')} description={t('requests.description')}>
      <Table aria-label={t('requests.title')} verticalSpacing={6}>
        <Table.Tbody>
          {requests.map((request) => (
            <Table.Tr key={request.id}>
              <Table.Td>{request.names.map(readableName).join(', ')}</Table.Td>
              <Table.Td>{request.keyType}</Table.Td>
              <Table.Td>
                <Group gap={6} justify="flex-end" wrap="nowrap">
                  <Button size="compact-xs" variant="default" onClick={() => download(request)}>
                    {t('requests.save')}
                  </Button>
                  <ChangeButton size="compact-xs" variant="default" onClick={() => setForgetting(request)}>
                    {t('requests.forget')}
                  </ChangeButton>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {forgetting ? (
        <ForgetDialog
          request={forgetting}
          onClose={() => {
            setForgetting(null)
            changed()
          }}
        />
      ) : null}
    </Section>
  )
}

function download({ title, pem }: WaitingRequest): void {
  downloadText(
    `${title.replaceAll('*', 'wildcard').replaceAll(/[^\w.-]+/g, '-')}.csr`,
    'application/pkcs10',
    pem,
  )
}

function ForgetDialog({ request, onClose }: { request: WaitingRequest; onClose: () => void }) {
  const { t } = useTranslation('issuing')
  return (
    <ConfirmCall
      title={t('requests.forgetTitle', { name: readableName(request.title) })}
      confirmLabel={t('requests.forgetDo')}
      act={(client) => client.localCertificates.forgetRequest({ reference: request.id })}
      onClose={onClose}
    >
      <p>{t('requests.forgetText')}</p>
    </ConfirmCall>
  )
}

/** Creates a CSR for another authority; its key stays in the vault. */
export function RequestDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('issuing')
  const call = useCall()
  const [names, setNames] = useState('')
  const [key, setKey] = useState<KeyKind>('p256')
  const send = async () => {
    const made = await call.run((client) => client.localCertificates.request({ names: namesIn(names), key }))
    if (!made) return
    notifyDone(t('request.done', { name: made.title }))
    onClose()
  }
  return (
    <FormDialog
      title={t('request.title')}
      size="md"
      submitLabel={t('request.do')}
      call={call}
      missing={namesIn(names).length === 0 ? t('missing.names') : null}
      onSubmit={send}
      onClose={onClose}
    >
      <p>{t('request.text')}</p>
      <NamesField value={names} onChange={setNames} />
      <KeyField value={key} onChange={setKey} />
    </FormDialog>
  )
}
