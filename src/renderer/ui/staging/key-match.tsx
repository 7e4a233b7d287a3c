import { IconEqual, IconEqualNot } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import { Fingerprint } from '../fingerprint.tsx'
import { VerdictRow } from '../verdict-row.tsx'
import classes from './staging.module.css'

/** Verdict on whether key and certificate match, with the fingerprints of both public keys. */
export function KeyMatchVerdict({ match }: { match: NonNullable<IntakeReport['keyMatch']> }) {
  const { t } = useTranslation('intake')
  const Sign = match.matches ? IconEqual : IconEqualNot
  return (
    <VerdictRow
      verdict={match.matches ? 'yes' : 'no'}
      label={match.matches ? t('match.yes') : t('match.no')}
      reason={match.matches ? t('match.yesReason') : t('match.noReason')}
    >
      <div className={classes.match} data-matches={match.matches}>
        <Sign size={18} aria-hidden className={classes.matchSign} />
        <span className={classes.dim}>{t('match.certificate')}</span>
        <Fingerprint hex={match.certificateSpkiSha256} label={t('match.certificateCopy')} />
        <span className={classes.dim}>{t('match.key')}</span>
        <Fingerprint hex={match.keySpkiSha256} label={t('match.keyCopy')} />
      </div>
    </VerdictRow>
  )
}
