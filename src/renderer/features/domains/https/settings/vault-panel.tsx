import { Radio, Stack } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary, Domain } from '../../../../../contract/domains/domains.ts'
import { readableName } from '../../../../../contract/text/readable-name.ts'
import { useCertificates } from '../../../../connection/engine-context.tsx'
import { LoadingRows } from '../../../../ui/feedback/feedback.tsx'
import { validityAt } from '../../../../../domain/validity.ts'
import { useNow } from '../../../../ui/primitives/window-clock.ts'
import { DaysLeft } from '../../../../ui/certificate/validity-bar.tsx'
import { choicesFor, namesLost, someNames } from '../certificate-fit.ts'
import classes from './dialog.module.css'

/** Certificates of the vault: those that cover the domain, and the others with the reason. */
export function VaultPanel(props: {
  domain: Domain
  value: string | null
  onChange: (certificateId: string) => void
}) {
  const { t } = useTranslation('domains')
  const { status, items } = useCertificates((state) => state)
  const { domain } = props
  const { fitting, others } = choicesFor(domain, items, useNow())
  if (status === 'waiting') return <LoadingRows rows={3} height={56} />
  if (items.length === 0) return <p className="dim flush">{t('settings.vault.empty')}</p>
  return (
    <div className="stack gap-18">
      {fitting.length === 0 ? (
        <p className="dim flush">{t('settings.vault.noneFits', { domain: domain.displayName })}</p>
      ) : (
        <Radio.Group
          label={t('settings.vault.fits', { domain: domain.displayName })}
          value={props.value}
          onChange={props.onChange}
        >
          <Stack gap={8} mt={6}>
            {fitting.map((certificate) => (
              <Choice
                key={certificate.id}
                domain={domain}
                certificate={certificate}
                chosen={props.value === certificate.id}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <Others domain={domain} certificates={others} />
    </div>
  )
}

function Choice(props: { domain: Domain; certificate: CertificateSummary; chosen: boolean }) {
  const { t } = useTranslation('domains')
  const { certificate, domain } = props
  const inUse = domain.https.certificate?.id === certificate.id
  const lost = props.chosen && !inUse ? namesLost(domain.https.certificate, certificate) : []
  return (
    <Radio.Card value={certificate.id} className={classes.choice} aria-label={certificate.name}>
      <Radio.Indicator aria-hidden />
      <div className="grow">
        <div className="strong row gap-8">
          {certificate.name}
          {inUse ? <span className={classes.inUse}>{t('settings.vault.current')}</span> : null}
        </div>
        <div className={classes.dim}>{formatNames(t, certificate)}</div>
        <ValidityWarning certificate={certificate} />
        {lost.length > 0 ? (
          <div className={classes.lost}>
            {t('settings.lost')} {lost.map(readableName).join(', ')}
          </div>
        ) : null}
      </div>
      <span className="dim text-xs rigid">
        <DaysLeft {...certificate} />
      </span>
    </Radio.Card>
  )
}

function ValidityWarning({ certificate }: { certificate: CertificateSummary }) {
  const { t } = useTranslation('domains')
  const phase = validityAt(certificate, useNow())
  if (certificate.revoked) return <div className={classes.lost}>{t('settings.vault.revoked')}</div>
  if (phase === 'expired') return <div className={classes.lost}>{t('settings.vault.expired')}</div>
  if (phase === 'not-yet-valid') return <div className={classes.lost}>{t('settings.vault.notYet')}</div>
  return null
}

function Others({ domain, certificates }: { domain: Domain; certificates: CertificateSummary[] }) {
  const { t } = useTranslation('domains')
  if (certificates.length === 0) return null
  return (
    <section aria-label={t('settings.vault.others')}>
      <h3 className={classes.heading}>{t('settings.vault.others')}</h3>
      <ul className={classes.others}>
        {certificates.map((certificate) => {
          const names = formatNames(t, certificate)
          return (
            <li key={certificate.id}>
              <strong>{certificate.name}</strong>
              <span>
                {names
                  ? t('settings.vault.notCovering', { names, domain: domain.displayName })
                  : t('settings.vault.noNames')}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function formatNames(t: TFunction<'domains'>, certificate: CertificateSummary): string {
  const { names, count } = someNames(certificate)
  return count > 0 ? t('settings.vault.more', { names, count }) : names
}
