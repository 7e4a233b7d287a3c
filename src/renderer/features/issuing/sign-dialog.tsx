import { FileInput, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReadRequest } from '../../../contract/local-authority/local-certificates.ts'
import { bothNames } from '../../../contract/text/readable-name.ts'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { downloadText } from '../../ui/primitives/download.ts'
import { notifyDone, ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { useTakesFiles } from '../../ui/forms/file-handoff.ts'
import { CancelButton } from '../../ui/forms/dialog.tsx'

/** Shows the content of a CSR, then signs it. Accepts files dropped anywhere. */
export function SignDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('issuing')
  const call = useCall()
  const [file, setFile] = useState<File | null>(null)
  const [asked, setAsked] = useState<ReadRequest | null>(null)
  const take = async (given: File | null) => {
    setFile(given)
    setAsked(null)
    call.clear()
    if (!given) return
    const read = await call.run((client) => client.localCertificates.readRequest({ files: [given] }))
    setAsked(read ?? null)
  }
  useTakesFiles(([first]) => void take(first ?? null))
  const sign = async () => {
    if (!file) return
    const signed = await call.run((client) => client.localCertificates.sign({ files: [file] }))
    if (!signed) return
    const { certificate, chainPem } = signed
    downloadText(`${file.name.replace(/\.\w+$/, '')}.crt`, 'application/pem-certificate-chain', chainPem)
    notifyDone(t('sign.done', { name: certificate.title }))
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('sign.title')} size="lg">
      <Stack gap="md">
        <FileInput
          label={t('sign.file')}
          description={t('sign.fileText')}
          placeholder={t('sign.choose')}
          value={file}
          onChange={(given) => void take(given)}
          clearable
        />
        {asked ? <RequestFacts asked={asked} /> : null}
        {call.error ? <ErrorPanel error={call.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <CancelButton onClick={onClose} />
          <ChangeButton disabled={!asked} loading={call.busy} onClick={() => void sign()}>
            {t('sign.do')}
          </ChangeButton>
        </Group>
      </Stack>
    </Modal>
  )
}

function RequestFacts({ asked }: { asked: ReadRequest }) {
  const { t } = useTranslation(['issuing', 'facts'])
  const { subject, names, usage, key, leftOut } = asked
  return (
    <FactList>
      <Fact term={t('facts:subject')}>{subject || t('sign.nothing')}</Fact>
      <Fact term={t('issued.names')}>{names.map(bothNames).join(', ') || t('sign.nothing')}</Fact>
      <Fact term={t('issued.for')}>{t(`usage.${usage ?? 'server'}`)}</Fact>
      <Fact term={t('issued.key')}>{key}</Fact>
      {leftOut.length > 0 ? <Fact term={t('sign.leftOut')}>{leftOut.join(', ')}</Fact> : null}
    </FactList>
  )
}
