import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import classes from '../domain-page.module.css'
import { ClientCertificates } from './client-certificates.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'
import { HandshakeFields } from './handshake-fields.tsx'
import { StaplingState } from './stapling-state.tsx'

export function ProtocolSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('protocol')
  const draft = usePolicy(domain, 'tls', t('done'))
  const tls = draft.value
  const inEffect = domain.policies.tls
  const isIncomplete = tls.clientCertificates !== 'off' && tls.clientAnchors.length === 0
  return (
    <Section title={t('title')} description={t('text')}>
      <Stack gap={18}>
        <HandshakeFields tls={tls} onChange={draft.change}>
          <StaplingState
            stapling={inEffect.ocspStapling ? domain.https.stapling : null}
            isUnsaved={tls.ocspStapling && !inEffect.ocspStapling}
          />
        </HandshakeFields>
        <ClientCertificates tls={tls} onChange={draft.change} />
      </Stack>
      <DraftFooter
        draft={draft}
        call={draft.call}
        save={t('save')}
        disabled={isIncomplete}
        onSave={() => void draft.save()}
      >
        {domain.https.state === 'on' ? null : <span className={classes.dim}>{t('off')}</span>}
      </DraftFooter>
    </Section>
  )
}
