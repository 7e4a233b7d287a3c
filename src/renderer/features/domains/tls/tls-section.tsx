import { Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains.ts'
import type { TlsPolicy } from '../../../../contract/tls-policy.ts'
import { useClient } from '../../../engine/engine-context.tsx'
import { ChangeButton } from '../../../ui/change-button.tsx'
import { notifyDone } from '../../../ui/notify.ts'
import { Section } from '../../../ui/page-layout.tsx'
import { ErrorPanel } from '../../../ui/states.tsx'
import { useCall } from '../../../ui/use-call.ts'
import classes from '../domain-page.module.css'
import { ClientCertificates } from './client-certificates.tsx'
import { HandshakeFields } from './handshake-fields.tsx'
import { StaplingState } from './stapling-state.tsx'

export function ProtocolSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('protocol')
  const client = useClient()
  const call = useCall()
  // Until something is changed here, the section shows what is in effect.
  const [draft, setDraft] = useState<TlsPolicy | null>(null)
  const inEffect = domain.policies.tls
  const tls = draft ?? inEffect
  const isChanged = JSON.stringify(tls) !== JSON.stringify(inEffect)
  const isIncomplete = tls.clientCertificates !== 'off' && tls.clientAnchors.length === 0
  const save = async () => {
    const done = await call.run(() =>
      client.domains.setPolicies({ domains: [domain.name], policies: { tls } }),
    )
    if (!done) return
    setDraft(null)
    notifyDone(t('done'))
  }
  return (
    <Section title={t('title')} description={t('text')}>
      <Stack gap={18}>
        <HandshakeFields tls={tls} onChange={setDraft}>
          <StaplingState
            stapling={inEffect.ocspStapling ? domain.https.stapling : null}
            isUnsaved={tls.ocspStapling && !inEffect.ocspStapling}
          />
        </HandshakeFields>
        <ClientCertificates tls={tls} onChange={setDraft} />
      </Stack>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <div className={classes.footer}>
        {domain.https.state === 'on' ? null : <span className={classes.dim}>{t('off')}</span>}
        <ChangeButton disabled={!isChanged || isIncomplete} loading={call.busy} onClick={() => void save()}>
          {t('save')}
        </ChangeButton>
      </div>
    </Section>
  )
}
