import { IconCertificate, IconChevronRight, IconLock } from '@tabler/icons-react'
import { Anchor } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ServedCertificate, Domain } from '../../../../contract/domains/domains.ts'
import { validityAt } from '../../../../domain/validity.ts'
import { NamesList } from '../../../ui/certificate/certificate-facts.tsx'
import { FactGrid } from '../../../ui/lists/facts.tsx'
import { Fingerprint } from '../../../ui/primitives/hex.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'
import { ValidityBar } from '../../../ui/certificate/validity-bar.tsx'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import classes from '../domain-page.module.css'
import type { Renewed } from '../../../../contract/issuing/renewal.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { shortDate } from '../../../ui/primitives/time.tsx'
import { useEffect, useState } from 'react'

/** Public facts of the certificate that serves a domain; the key is only named as stored in the vault. */
export function CertificateCard({ domain, certificate }: { domain: Domain; certificate: ServedCertificate }) {
  const { t } = useTranslation('domains')
  const { nameCovered } = domain.https
  const validity = validityAt(certificate, useNow())
  return (
    <div>
      <div className={classes.certificateHead}>
        <div className={classes.certificateIcon} aria-hidden>
          <IconCertificate size={22} stroke={1.6} />
        </div>
        <div className="grow">
          <div className="strong wrap">{certificate.name}</div>
          <div className="dim">
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

function kindOf({ kind, renewal }: ServedCertificate) {
  if (kind === 'uploaded') return 'https.kind.uploaded'
  return renewal?.by === 'acme' ? 'https.kind.acme' : 'https.kind.free'
}

function CardFacts({ certificate }: { certificate: ServedCertificate }) {
  const { t } = useTranslation(['domains', 'facts'])
  const chain = useChainTitles(certificate.id)
  const renewal = useRenewalLabel(certificate)
  return (
    <FactGrid termWidth={132}>
      <dt>{t('facts:names.term')}</dt>
      <dd>
        <NamesList names={[...certificate.dnsNames, ...certificate.ipNames]} limit={6} />
      </dd>
      <dt>{t('facts:issuer')}</dt>
      <dd>{certificate.issuer}</dd>
      <dt>{t('facts:validity')}</dt>
      <dd>
        <ValidityBar {...certificate} />
      </dd>
      {renewal === null ? null : (
        <>
          <dt>{t('https.renewal.title')}</dt>
          <dd>{renewal}</dd>
        </>
      )}
      <dt>{t('facts:sha256')}</dt>
      <dd>
        <Fingerprint hex={certificate.fingerprintSha256} label={t('facts:sha256')} />
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

function useRenewalLabel({ renewal }: ServedCertificate): string | null {
  const { t, i18n } = useTranslation('domains')
  if (!renewal) return null
  const date = shortDate(renewal.at, i18n.language)
  return t(`https.renewal.${renewal.by}`, { date, account: renewal.account ?? '' })
}

/** Problem of a renewal with its remedy; renders nothing if there is none. */
function RenewalTrouble({ certificate }: { certificate: ServedCertificate }) {
  const { t, i18n } = useTranslation('domains')
  const call = useCall()
  const { id, renewal } = certificate
  if (!renewal) return null
  const { failure, held, waitsForVault } = renewal

  async function renew(acceptWorse: boolean) {
    const results = await call.run(async (client) => {
      const all: Renewed[] = []
      for await (const result of await client.renewal.renew({ ids: [id], acceptWorse })) all.push(result)
      return all
    })
    if (results?.[0]?.outcome === 'renewed') notifyDone(results[0].message)
  }
  if (!failure && !held) {
    return waitsForVault ? (
      <VerdictRow verdict="no" label={t('https.renewal.waits')} reason={t('https.renewal.waitsReason')} />
    ) : null
  }
  const next = failure
    ? t('https.renewal.next', { time: new Date(failure.nextAt).toLocaleString(i18n.language) })
    : ''
  return (
    <>
      <VerdictRow
        verdict="no"
        label={t(held ? 'https.renewal.held' : 'https.renewal.failed')}
        reason={held ? `${held.reasons.join('; ')}.` : `${failure?.message ?? ''} ${next}`}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <ChangeButton
        variant="default"
        size="xs"
        my="sm"
        loading={call.busy}
        onClick={() => void renew(held !== null)}
      >
        {t(held ? 'https.renewal.accept' : 'https.renewal.again')}
      </ChangeButton>
    </>
  )
}

/**
 * Titles from the leaf up to the trust anchor, or of the served chain if untrusted; null until loaded or on
 * failure.
 */
function useChainTitles(certificateId: string): string[] | null {
  const client = useClient()
  const [titles, setTitles] = useState<{ id: string; chain: string[] } | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    client.certificates.get({ id: certificateId }, { signal: abort.signal }).then(
      ({ chain, verification: { path } }) => {
        const shown = path.length > 0 ? path : chain
        setTitles({ id: certificateId, chain: shown.map(({ title }) => title) })
      },
      () => setTitles(null),
    )
    return () => abort.abort()
  }, [client, certificateId])
  return titles?.id === certificateId ? titles.chain : null
}
