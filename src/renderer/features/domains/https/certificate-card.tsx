import { IconCertificate, IconChevronRight, IconLock } from '@tabler/icons-react'
import { Anchor } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CertificateSummary, Domain } from '../../../../contract/domains/domains.ts'
import { validityAt } from '../../../../domain/validity.ts'
import { NamesList } from '../../../ui/certificate/certificate-facts.tsx'
import { FactGrid } from '../../../ui/lists/facts.tsx'
import { Fingerprint } from '../../../ui/primitives/hex.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'
import { ValidityBar } from '../../../ui/certificate/validity-bar.tsx'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import classes from '../domain-page.module.css'
import { RenewalTrouble, useRenewalLabel } from './renewal-row.tsx'
import { useChainTitles } from './use-chain-titles.ts'

/** Public facts of the certificate that serves a domain; the key is only named as stored in the vault. */
export function CertificateCard({
  domain,
  certificate,
}: {
  domain: Domain
  certificate: CertificateSummary
}) {
  const { t } = useTranslation('domains')
  const { nameCovered } = domain.https
  const validity = validityAt(certificate, useNow())
  return (
    <div>
      <div className={classes.certificateHead}>
        <div className={classes.certificateIcon} aria-hidden>
          <IconCertificate size={22} stroke={1.6} />
        </div>
        <div className={classes.grow}>
          <div className={classes.certificateTitle}>{certificate.name}</div>
          <div className={classes.dim}>
            {t(kindOf(certificate), { account: certificate.renewal?.account ?? '' })} · {certificate.keyType}
          </div>
        </div>
        <Anchor component={Link} size="sm" href={`/certificates/${encodeURIComponent(certificate.id)}`}>
          {t('https.view')}
        </Anchor>
      </div>
      {validity === 'valid' ? null : (
        <VerdictRow
          verdict="no"
          label={t(`https.outOfTime.${validity}`)}
          reason={t('https.outOfTime.text')}
        />
      )}
      {certificate.revoked ? (
        <VerdictRow verdict="no" label={t('https.revoked')} reason={domain.https.stapling?.problem ?? ''} />
      ) : null}
      {nameCovered && !nameCovered.ok ? (
        <VerdictRow
          verdict="no"
          label={t('https.notCovered', { domain: domain.displayName })}
          reason={nameCovered.reason}
        />
      ) : null}
      <RenewalTrouble certificate={certificate} />
      <CardFacts certificate={certificate} />
    </div>
  )
}

function kindOf({ kind, renewal }: CertificateSummary) {
  if (kind === 'uploaded') return 'https.kind.uploaded'
  return renewal?.by === 'acme' ? 'https.kind.acme' : 'https.kind.free'
}

function CardFacts({ certificate }: { certificate: CertificateSummary }) {
  const { t } = useTranslation('domains')
  const chain = useChainTitles(certificate.id)
  const renewal = useRenewalLabel(certificate)
  return (
    <FactGrid termWidth={132}>
      <dt>{t('https.names')}</dt>
      <dd>
        <NamesList names={[...certificate.dnsNames, ...certificate.ipNames]} limit={6} />
      </dd>
      <dt>{t('https.issuer')}</dt>
      <dd>{certificate.issuer}</dd>
      <dt>{t('https.validity')}</dt>
      <dd>
        <ValidityBar notBefore={certificate.notBefore} notAfter={certificate.notAfter} />
      </dd>
      {renewal === null ? null : (
        <>
          <dt>{t('https.renewal.title')}</dt>
          <dd>{renewal}</dd>
        </>
      )}
      <dt>{t('https.fingerprint')}</dt>
      <dd>
        <Fingerprint hex={certificate.fingerprintSha256} label={t('https.fingerprint')} />
      </dd>
      <dt>{t('https.chain')}</dt>
      <dd className={classes.chain}>
        {(chain ?? [certificate.title]).map((title, index) => (
          <span key={index} className={classes.chain}>
            {index > 0 ? <IconChevronRight size={14} aria-hidden /> : null}
            {title}
          </span>
        ))}
      </dd>
      <dt>{t('https.key')}</dt>
      <dd className={classes.keyLine}>
        <IconLock size={16} stroke={1.8} aria-hidden />
        {t('https.keyText')}
      </dd>
    </FactGrid>
  )
}
