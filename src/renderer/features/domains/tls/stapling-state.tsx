import { useTranslation } from 'react-i18next'
import type { Stapling } from '../../../../contract/issuing/stapling.ts'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { VerdictRow, type Verdict } from '../../../ui/feedback/verdict.tsx'
import classes from './tls.module.css'

const verdicts: Record<Stapling['state'], Verdict> = {
  none: 'caution',
  waiting: 'unknown',
  good: 'yes',
  revoked: 'no',
  missing: 'caution',
}

/** Result of the last OCSP request; renders nothing while stapling is off. */
export function StaplingState({ stapling, isUnsaved }: { stapling: Stapling | null; isUnsaved: boolean }) {
  const { t } = useTranslation('protocol')
  if (isUnsaved) return <p className={classes.hint}>{t('stapling.unsaved')}</p>
  if (!stapling) return null
  const { state, problem, responder, nextUpdate, askedAt } = stapling
  return (
    <div className={classes.stapling} role="status">
      <VerdictRow
        verdict={state === 'good' && problem !== null ? 'caution' : verdicts[state]}
        label={t(`stapling.${state}`)}
        reason={problem}
      >
        {state === 'good' && nextUpdate ? (
          <div className={classes.dim}>
            <RelativeTime at={nextUpdate} say={(when) => t('stapling.until', { responder, when })} />
          </div>
        ) : null}
        {askedAt ? (
          <div className={classes.dim}>
            <RelativeTime at={askedAt} say={(when) => t('stapling.asked', { when })} />
          </div>
        ) : null}
      </VerdictRow>
    </div>
  )
}
