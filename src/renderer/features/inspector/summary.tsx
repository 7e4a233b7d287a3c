import { useTranslation } from 'react-i18next'
import type { IntakeReport } from '../../../contract/certificate-facts.ts'
import { placeInWords } from '../../../contract/errors.ts'
import { KeyMatchVerdict } from '../../ui/staging/key-match.tsx'
import { isLocked } from '../../ui/staging/locked-piece.ts'
import { FixList, ProblemList } from '../../ui/staging/report-notes.tsx'
import { VerdictRow } from '../../ui/verdict-row.tsx'
import type { Grouped } from './grouping.ts'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { Unlock } from './unlock.tsx'
import { VerificationPanel } from './verification-panel.tsx'

/** The findings as a whole: fit to be served or not and why, what would be mended, what could not be read. */
export function Summary(props: { inspector: Inspector; report: IntakeReport; grouped: Grouped }) {
  const { t } = useTranslation('inspector')
  const { inspector, report, grouped } = props
  const locked = report.pieces.filter((piece) => isLocked(piece, report))
  return (
    <>
      <h2 className={classes.detailTitle}>{t('summary.title')}</h2>
      <ServableVerdict report={report} />
      {report.keyMatch ? <KeyMatchVerdict match={report.keyMatch} /> : null}
      {locked.length > 0 ? (
        <section className={classes.block} aria-label={t('summary.locked')}>
          <h3 className={classes.heading}>{t('summary.locked')}</h3>
          <Unlock inspector={inspector} what={locked.map((piece) => placeInWords(piece.place)).join('; ')} />
        </section>
      ) : null}
      <div className={classes.block}>
        <ProblemList problems={report.problems} />
      </div>
      {grouped.groups.length > 0 ? (
        <section className={classes.block} aria-label={t('verify.title')}>
          <h3 className={classes.heading}>{t('verify.title')}</h3>
          <VerificationPanel inspector={inspector} />
        </section>
      ) : null}
      <div className={classes.block}>
        <FixList fixes={report.fixes} />
      </div>
    </>
  )
}

function ServableVerdict({ report }: { report: IntakeReport }) {
  const { t } = useTranslation('inspector')
  if (report.servable) {
    return <VerdictRow verdict="yes" label={t('servable.yes')} reason={t('servable.yesReason')} />
  }
  if (!report.notServable) return null
  // Certificates without a key are an ordinary thing to inspect, not a fault of theirs.
  const verdict = report.notServable.code === 'certificate.no_private_key' ? 'unknown' : 'no'
  return <VerdictRow verdict={verdict} label={t('servable.no')} reason={report.notServable.message} />
}
