import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import classes from '../domain-page.module.css'

/** Lists the certificates (and keys) that an act deletes or leaves, and offers to keep them. */
export function FateOfCertificates(props: {
  erased: readonly CertificateSummary[]
  left: readonly CertificateSummary[]
  keep: boolean
  onKeep: (keep: boolean) => void
}) {
  const { t } = useTranslation('domains')
  const names = (certificates: readonly CertificateSummary[]) =>
    certificates.map(({ name }) => `“${name}”`).join(', ')
  return (
    <>
      {props.erased.length > 0 ? (
        <>
          <p>
            {t(props.keep ? 'settings.off.kept' : 'settings.off.erased')}{' '}
            <span className={props.keep ? classes.keptName : classes.lostName}>{names(props.erased)}</span>.
          </p>
          <Checkbox
            mt="xs"
            label={t('settings.off.keep', { count: props.erased.length })}
            checked={props.keep}
            onChange={(event) => props.onKeep(event.currentTarget.checked)}
          />
        </>
      ) : null}
      {props.left.length > 0 ? (
        <p>
          {t('settings.off.kept')} <strong>{names(props.left)}</strong>.
        </p>
      ) : null}
    </>
  )
}
