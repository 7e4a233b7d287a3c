import { useTranslation } from 'react-i18next'
import type { RevocationService } from '../../../contract/local-authority/local-certificates.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ChangeSwitch } from '../../ui/primitives/change-controls.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'

const usualPort = 8888

export function RevocationSection({ service, changed }: { service: RevocationService; changed: () => void }) {
  const { t } = useTranslation('issuing')
  const client = useClient()
  const call = useCall()
  const { port, address, problem } = service
  const set = async (on: boolean) => {
    await call.run(() => client.localCertificates.setRevocationService({ port: on ? usualPort : null }))
    changed()
  }
  return (
    <Section title={t('service.title')} description={t('service.description')}>
      <ChangeSwitch
        label={address === null ? t('service.off') : t('service.on', { address })}
        description={problem ?? t('service.text')}
        checked={port !== null}
        disabled={call.busy}
        onChange={(on) => void set(on)}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </Section>
  )
}
