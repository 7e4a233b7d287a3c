import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { formatPlace } from '../../../contract/errors/place.ts'
import type { Piece, IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import type { Staged } from '../../../contract/certificates/staging.ts'
import { FourAnswersList, VerdictRow } from '../feedback/verdict.tsx'
import { isListed } from './readiness.ts'
import { PassphrasePrompt } from './passphrase-prompt.tsx'
import { PieceRow } from './piece-row.tsx'
import { FixList, ImpactNote, ProblemList } from './report-notes.tsx'
import classes from './staging.module.css'
import type { StagingSession } from './staging-session.ts'
import { IconEqual, IconEqualNot } from '@tabler/icons-react'
import { Fingerprint } from '../primitives/hex.tsx'

/** Pieces in the staged files on the left, the engine's verdicts on the right. */
export function StagedReport({ session, staged }: { session: StagingSession; staged: Staged }) {
  const { t } = useTranslation('intake')
  const { pieces, problems } = staged.report
  const problemRemoval = ({ place }: (typeof problems)[number], index: number) => {
    const file = place?.file
    const isFirst = problems.findIndex((other) => other.place?.file === file) === index
    if (file === undefined || !isFirst || pieces.some((piece) => piece.place.file === file)) return null
    return { file, onRemove: () => void session.remove(file) }
  }
  return (
    <div className={classes.report} aria-live="polite">
      <div className={classes.column}>
        <section aria-label={t('pieces.title')}>
          <h3 className="caption">{t('pieces.title')}</h3>
          <StagedPieces session={session} staged={staged} />
        </section>
        <ProblemList problems={staged.report.problems} removal={problemRemoval} />
        <FixList fixes={staged.report.fixes} />
      </div>
      <div className={classes.column}>
        <section aria-label={t('verdicts.title')}>
          <h3 className="caption">{t('verdicts.title')}</h3>
          <StagedVerdicts staged={staged} />
        </section>
      </div>
    </div>
  )
}

function StagedPieces({ session, staged }: { session: StagingSession; staged: Staged }) {
  const { t } = useTranslation('intake')
  const busy = useStore(session.store, (state) => state.busy)
  const unlockProblem = useStore(session.store, (state) => state.unlockProblem)
  /** One remove button per file, at its first piece. */
  const removal = ({ place: { file } }: Piece, index: number) => {
    const isFirst = staged.report.pieces.findIndex(({ place }) => place.file === file) === index
    return file !== undefined && isFirst ? { onRemove: () => void session.remove(file) } : {}
  }
  if (staged.report.pieces.length === 0) return <p className="dim text-xs">{t('pieces.none')}</p>
  return (
    <ul className="plain-list">
      {staged.report.pieces.map((piece, index) => (
        <PieceRow key={piece.id} piece={piece} {...removal(piece, index)}>
          {piece.locked ? (
            <PassphrasePrompt
              what={formatPlace(piece.place)}
              busy={busy === 'unlocking'}
              {...(unlockProblem?.pieceId === piece.id ? { error: unlockProblem.error.message } : {})}
              onUnlock={(passphrase) => void session.unlock(piece.id, passphrase)}
              onCancel={() => session.cancelUnlock()}
            />
          ) : null}
        </PieceRow>
      ))}
    </ul>
  )
}

function StagedVerdicts({ staged }: { staged: Staged }) {
  const { t } = useTranslation('intake')
  const { report, verification, chainGap, impact, duplicateOf } = staged
  // The key match already reports a mismatch, and the problem list an unreadable file.
  const isReported = report.notServable?.code === 'key.mismatch' && report.keyMatch !== null
  const refusal =
    isReported || (report.notServable && isListed(report.notServable, report.problems))
      ? null
      : report.notServable
  return (
    <>
      {refusal ? <VerdictRow verdict="no" label={t('servable.no')} reason={refusal.message} /> : null}
      {chainGap ? (
        <VerdictRow verdict="caution" label={chainGap.sentence} reason={chainGap.nextStep} />
      ) : null}
      {report.keyMatch ? <KeyMatchVerdict match={report.keyMatch} /> : null}
      {verification ? (
        <FourAnswersList answers={verification.answers} cautions={['validity', 'authority']} />
      ) : null}
      {duplicateOf ? (
        <VerdictRow
          verdict="caution"
          label={t('duplicate.label')}
          reason={t('duplicate.reason', { name: duplicateOf.name })}
        />
      ) : null}
      {impact ? <ImpactNote impact={impact} /> : null}
    </>
  )
}

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
        <span className="dim text-xs">{t('match.certificate')}</span>
        <Fingerprint hex={match.certificateSpkiSha256} label={t('match.certificateCopy')} />
        <span className="dim text-xs">{t('match.key')}</span>
        <Fingerprint hex={match.keySpkiSha256} label={t('match.keyCopy')} />
      </div>
    </VerdictRow>
  )
}
