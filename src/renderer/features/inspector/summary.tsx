import { Button } from '@mantine/core'
import { IconDatabaseImport } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { IntakeReport } from '../../../contract/certificate-facts.ts'
import { placeInWords } from '../../../contract/errors.ts'
import { useFilesToImport } from '../../ui/files-to-import.ts'
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
      <ServableVerdict inspector={inspector} report={report} />
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

function ServableVerdict({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
  const { t } = useTranslation('inspector')
  if (report.servable) {
    return (
      <VerdictRow verdict="yes" label={t('servable.yes')} reason={t('servable.yesReason')}>
        <ImportButton inspector={inspector} />
      </VerdictRow>
    )
  }
  if (!report.notServable) return null
  const { code, message } = report.notServable
  if (code === 'key.encrypted') {
    return <VerdictRow verdict="unknown" label={t('servable.locked')} reason={t('servable.lockedReason')} />
  }
  // Certificates without a key are an ordinary thing to inspect, not a fault of theirs.
  const verdict = code === 'certificate.no_private_key' ? 'unknown' : 'no'
  return <VerdictRow verdict={verdict} label={t('servable.no')} reason={message} />
}

/** Hands the files to the import dialog. Only there, and only when a person says so, is anything stored. */
function ImportButton({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const [, navigate] = useLocation()
  const give = useFilesToImport((state) => state.give)
  const open = () => {
    give(inspector.files())
    navigate('/certificates/import')
  }
  return (
    <Button variant="default" mt={6} leftSection={<IconDatabaseImport size={15} />} onClick={open}>
      {t('servable.import')}
    </Button>
  )
}
