import { useStore } from 'zustand'
import { useTranslation } from 'react-i18next'
import type { IntakeReport, Verification } from '../../../contract/inspect/certificate-facts.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import { KeyMatchVerdict } from '../../ui/staging/staged-report.tsx'
import { PassphrasePrompt } from '../../ui/staging/passphrase-prompt.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import type { Inspector } from './inspector.ts'
import { subjectOf } from './inspector-state.ts'
import { QuestionForm } from './question-form.tsx'
import { useDiagnosis } from './use-asked.ts'
import classes from './verdicts.module.css'
import { PathList } from '../../ui/certificate/path-list.tsx'
import { CopyIcon } from '../../ui/primitives/copy-icon.tsx'
import { FourAnswersList, VerdictIcon } from '../../ui/feedback/verdict.tsx'
import { ChainGraphView } from './chain/chain-graph.tsx'

export function VerificationPanel({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
  const { busy, result, problem } = useDiagnosis(inspector)
  const subject = useStore(inspector.store, subjectOf)
  const host = useStore(inspector.store, (state) => state.question.host)
  return (
    <>
      <QuestionForm inspector={inspector} />
      {problem ? <Problem inspector={inspector} problem={problem} /> : null}
      {result?.verification ? (
        <VerificationResult
          verification={result.verification}
          report={report}
          host={host}
          onSelect={inspector.select}
        />
      ) : null}
      {subject === null && report.keyMatch && (report.servable ?? report.bundles.length < 2) ? (
        <KeyMatchVerdict match={report.keyMatch} />
      ) : null}
      {busy && !result ? <LoadingRows rows={4} height={40} /> : null}
    </>
  )
}

/** A listed certificate that is missing now lies in a locked archive. */
function Problem({ inspector, problem }: { inspector: Inspector; problem: EdgekeepError }) {
  const { t } = useTranslation('inspector')
  if (problem.code !== 'certificate.missing') return <ErrorPanel error={problem} />
  return (
    <>
      <p className="dim flush">{t('verify.locked')}</p>
      <PassphrasePrompt
        what={t('verify.archive')}
        busy={false}
        onUnlock={(passphrase) => void inspector.ask({}, passphrase)}
      />
    </>
  )
}

function VerificationResult(props: {
  verification: Verification
  report: IntakeReport
  host: string | null
  onSelect: (pieceId: string) => void
}) {
  const { t } = useTranslation('inspector')
  const { verification, report, host } = props
  const subject = (verification.path[0] ?? verification.candidates[0]?.certificates[0])?.title
  const failed = verification.candidates.filter((candidate) => candidate.broken !== null)
  return (
    <div role="status">
      <p className={classes.verdict}>
        <VerdictIcon verdict={verification.ok ? 'yes' : 'no'} size={20} />
        <span className="fill">
          {verdictSentence(t, verification.ok, subject ?? t('verify.thisCertificate'), host)}
        </span>
        <CopyIcon value={asText(verification)} label={t('verify.copy')} />
      </p>
      <FourAnswersList answers={verification.answers} />
      <section className="below-14" aria-label={t('chain.title')}>
        <h4 className="text-sm strong flush above-4">{t('chain.title')}</h4>
        <ChainGraphView verification={verification} report={report} onSelect={props.onSelect} />
      </section>
      {failed.length > 0 ? <Broken candidates={failed} /> : null}
    </div>
  )
}

function Broken({ candidates }: { candidates: Verification['candidates'] }) {
  const { t } = useTranslation('inspector')
  return (
    <section className="below-14" aria-label={t('verify.tried')}>
      <h4 className="text-sm strong flush above-4">{t('verify.triedCount', { count: candidates.length })}</h4>
      {candidates.map((candidate, index) => (
        <div key={index} className={classes.candidate}>
          <PathList
            path={candidate.certificates}
            {...(candidate.broken ? { brokenAt: candidate.broken.index } : {})}
          />
          {candidate.broken ? (
            <p className={classes.broken}>
              <VerdictIcon verdict="no" size={15} />
              <span>
                {candidate.broken.message} <span className="dim text-xs">{candidate.broken.reference}</span>
              </span>
            </p>
          ) : null}
        </div>
      ))}
    </section>
  )
}

function asText({ answers }: Verification): string {
  return Object.entries(answers)
    .flatMap(([question, answer]) =>
      answer ? [`${answer.ok ? 'yes' : 'no'} ${question}: ${answer.reason}`] : [],
    )
    .join('\n')
}

type Translate = ReturnType<typeof useTranslation<'inspector'>>['t']
function verdictSentence(t: Translate, ok: boolean, title: string, host: string | null): string {
  if (host === null) return ok ? t('verify.yes', { title }) : t('verify.no', { title })
  return ok ? t('verify.yesFor', { title, host }) : t('verify.noFor', { title, host })
}
