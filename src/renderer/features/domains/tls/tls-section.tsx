import { Stack, Input, SegmentedControl, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { ClientCertificates } from './client-certificates.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'
import type { ReactNode } from 'react'
import { effectiveMinimumVersion } from '../../../../domain/effective-version.ts'
import {
  cipherProfileSchema,
  tlsVersionSchema,
  type TlsPolicy,
} from '../../../../contract/domains/tls-policy.ts'
import type { Stapling } from '../../../../contract/issuing/stapling.ts'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { VerdictRow, type Verdict } from '../../../ui/feedback/verdict.tsx'

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
        {domain.https.state === 'on' ? null : <span className="dim">{t('off')}</span>}
      </DraftFooter>
    </Section>
  )
}

const switches = ['http2', 'sessionTickets', 'ocspStapling'] as const

/** TLS versions, ciphers and switches; `children` render below stapling, the last switch. */
function HandshakeFields(props: { tls: TlsPolicy; onChange: (tls: TlsPolicy) => void; children: ReactNode }) {
  const { tls, onChange } = props
  const { t } = useTranslation(['protocol', 'policies'])
  const isModern = tls.ciphers === 'modern'
  const asksForCertificate = tls.clientCertificates !== 'off'
  return (
    <>
      <Input.Wrapper
        label={t('policies:fields.tls.minimumVersion')}
        description={t(isModern ? 'minimumVersionModern' : 'minimumVersionText')}
        labelElement="div"
      >
        <SegmentedControl
          mt={6}
          aria-label={t('policies:fields.tls.minimumVersion')}
          disabled={isModern}
          data={tlsVersionSchema.options.map((version) => ({
            value: version,
            label: t('version', { version }),
          }))}
          value={effectiveMinimumVersion(tls)}
          onChange={(value) => onChange({ ...tls, minimumVersion: tlsVersionSchema.parse(value) })}
        />
      </Input.Wrapper>
      <Input.Wrapper
        label={t('policies:fields.tls.ciphers')}
        description={t(`profileTexts.${tls.ciphers}`)}
        labelElement="div"
      >
        <SegmentedControl
          mt={6}
          aria-label={t('policies:fields.tls.ciphers')}
          data={cipherProfileSchema.options.map((value) => ({ value, label: t(`profiles.${value}`) }))}
          value={tls.ciphers}
          onChange={(value) => onChange({ ...tls, ciphers: cipherProfileSchema.parse(value) })}
        />
      </Input.Wrapper>
      <Stack gap={12}>
        {switches.map((field) => {
          const isOverruled = field === 'sessionTickets' && asksForCertificate
          return (
            <Switch
              key={field}
              label={t(field)}
              description={t(isOverruled ? 'sessionTicketsAsked' : `${field}Text`)}
              checked={tls[field] && !isOverruled}
              disabled={isOverruled}
              onChange={(event) => onChange({ ...tls, [field]: event.currentTarget.checked })}
            />
          )
        })}
        {props.children}
      </Stack>
    </>
  )
}

const verdicts: Record<Stapling['state'], Verdict> = {
  none: 'caution',
  waiting: 'unknown',
  good: 'yes',
  revoked: 'no',
  missing: 'caution',
}

/** Result of the last OCSP request; renders nothing while stapling is off. */
function StaplingState({ stapling, isUnsaved }: { stapling: Stapling | null; isUnsaved: boolean }) {
  const { t } = useTranslation('protocol')
  if (isUnsaved) return <p className="dim text-sm flush">{t('stapling.unsaved')}</p>
  if (!stapling) return null
  const { state, problem, responder, nextUpdate, askedAt } = stapling
  return (
    <div className="well" style={{ padding: '9px 12px' }} role="status">
      <VerdictRow
        verdict={state === 'good' && problem !== null ? 'caution' : verdicts[state]}
        label={t(`stapling.${state}`)}
        reason={problem}
      >
        {state === 'good' && nextUpdate ? (
          <div className="dim">
            <RelativeTime at={nextUpdate} say={(when) => t('stapling.until', { responder, when })} />
          </div>
        ) : null}
        {askedAt ? (
          <div className="dim">
            <RelativeTime at={askedAt} say={(when) => t('stapling.asked', { when })} />
          </div>
        ) : null}
      </VerdictRow>
    </div>
  )
}
