import { Menu } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { downloadBase64 } from '../../ui/primitives/download.ts'
import { exportCertificate } from './actions.ts'

const formats = ['pem', 'leaf', 'der', 'p7b'] as const

/** Exports the public parts of a certificate, never the key. */
export function ExportMenu({ summary }: { summary: CertificateSummary }) {
  const { t } = useTranslation('certificates')
  const client = useClient()
  const call = useCall()
  const [opened, setOpened] = useState(false)
  const save = async (format: (typeof formats)[number]) => {
    const file = await call.run(() => client.certificates.export({ id: summary.id, format }))
    if (file) downloadBase64(file)
  }
  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="top-start" withinPortal>
        <Menu.Target>
          <ActionButton
            action={exportCertificate}
            variant="default"
            busy={call.busy}
            act={() => setOpened(!opened)}
          />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('export.note')}</Menu.Label>
          {formats.map((format) => (
            <Menu.Item key={format} onClick={() => void save(format)}>
              {t(`export.${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </>
  )
}
