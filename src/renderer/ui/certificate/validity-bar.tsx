import { useTranslation } from 'react-i18next'
import { expiryAt, type Expirable, type Expiry } from '../../../domain/expiry.ts'
import { daysUntil, shortDate } from '../primitives/time.tsx'
import { useNow } from '../primitives/window-clock.ts'
import classes from './certificate.module.css'

/** Validity period of a certificate as a bar with today marked, and the days left. */
export function ValidityBar(certificate: Expirable) {
  const { notBefore, notAfter } = certificate
  const { t, i18n } = useTranslation('ui')
  const now = useNow()
  const from = new Date(notBefore).getTime()
  const until = new Date(notAfter).getTime()
  const part = Math.min(1, Math.max(0, (now.getTime() - from) / Math.max(1, until - from)))
  const phase = expiryAt(certificate, now)
  return (
    <div className="stack gap-4" data-phase={phase}>
      <div className={classes.track} aria-hidden>
        <div className={classes.spent} style={{ width: `${part * 100}%` }} />
      </div>
      <div className="dim text-xs between line gap-12">
        <span>{shortDate(notBefore, i18n.language)}</span>
        <span className={classes.left}>{formatValidity(t, phase, notBefore, notAfter, now)}</span>
        <span>{shortDate(notAfter, i18n.language)}</span>
      </div>
    </div>
  )
}

/** `62 days left`, for tables. */
export function DaysLeft(certificate: Expirable) {
  const { notBefore, notAfter } = certificate
  const { t } = useTranslation('ui')
  const now = useNow()
  const phase = expiryAt(certificate, now)
  return (
    <span className={classes.left} data-phase={phase}>
      {formatValidity(t, phase, notBefore, notAfter, now)}
    </span>
  )
}

type Translate = ReturnType<typeof useTranslation<'ui'>>['t']
function formatValidity(t: Translate, phase: Expiry, notBefore: string, notAfter: string, now: Date): string {
  if (phase === 'expired') return t('validity.expired', { count: -daysUntil(notAfter, now) - 1 })
  if (phase === 'not-yet-valid') return t('validity.notYet', { count: daysUntil(notBefore, now) + 1 })
  return t('validity.left', { count: daysUntil(notAfter, now) })
}
