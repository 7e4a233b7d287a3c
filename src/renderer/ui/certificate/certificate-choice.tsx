import { Radio } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { commonNameOf } from '../../../domain/certificate-title.ts'
import { validityAt } from '../../../domain/validity.ts'
import { shortDate } from '../primitives/time.tsx'
import { useNow } from '../primitives/window-clock.ts'
import classes from './choice.module.css'
import { someNames } from './some-names.ts'
import { DaysLeft } from './validity-bar.tsx'

/** One certificate of a radio group: name, names covered, end and issuer, and what speaks against it. */
export function CertificateChoice(props: {
  certificate: CertificateSummary
  badge?: ReactNode
  /** Names or domains that it does not cover. */
  warning?: ReactNode
}) {
  const { t, i18n } = useTranslation('ui')
  const { certificate, badge, warning } = props
  const { name, issuer, notAfter } = certificate
  return (
    <Radio.Card value={certificate.id} className="choice" aria-label={name}>
      <Radio.Indicator aria-hidden />
      <div className="grow">
        <div className="strong row gap-8">
          {name}
          {badge ? <span className={classes.badge}>{badge}</span> : null}
        </div>
        <div className="dim wrap">{useNamesText(certificate)}</div>
        <div className="dim wrap text-xs">
          {t('choice.until', { date: shortDate(notAfter, i18n.language), issuer: commonNameOf(issuer) })}
        </div>
        <ValidityWarning certificate={certificate} />
        {warning ? <div className={classes.warning}>{warning}</div> : null}
      </div>
      <span className="dim text-xs rigid">
        <DaysLeft {...certificate} />
      </span>
    </Radio.Card>
  )
}

/** `shop.test, www.shop.test and 3 more`. */
export function useNamesText(certificate: CertificateSummary): string {
  const { t } = useTranslation('ui')
  const { names, count } = someNames(certificate)
  return count > 0 ? t('choice.more', { names, count }) : names
}

function ValidityWarning({ certificate }: { certificate: CertificateSummary }) {
  const { t } = useTranslation('ui')
  const validity = validityAt(certificate, useNow())
  if (certificate.revoked) return <div className={classes.warning}>{t('choice.revoked')}</div>
  if (validity === 'expired') return <div className={classes.warning}>{t('choice.expired')}</div>
  if (validity === 'not-yet-valid') return <div className={classes.warning}>{t('choice.notYet')}</div>
  return null
}
