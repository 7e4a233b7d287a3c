import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../../contract/domains.ts'
import classes from '../domain-page.module.css'

/** Says which certificates (and keys) an act erases and which stay. */
export function FateOfCertificates(props: {
  erased: readonly CertificateSummary[]
  left: readonly CertificateSummary[]
}) {
  const { t } = useTranslation('domains')
  const names = (certificates: readonly CertificateSummary[]) =>
    certificates.map(({ name }) => `“${name}”`).join(', ')
  return (
    <>
      {props.erased.length > 0 ? (
        <p>
          {t('settings.off.erased')} <span className={classes.lostName}>{names(props.erased)}</span>.
        </p>
      ) : null}
      {props.left.length > 0 ? (
        <p>
          {t('settings.off.kept')} <strong>{names(props.left)}</strong>.
        </p>
      ) : null}
    </>
  )
}
