import { useTranslation } from 'react-i18next'
import type { IntakeReport, Verification } from '../../../contract/inspect/certificate-facts.ts'
import { PathList } from '../../ui/certificate/path-list.tsx'
import { CopyIcon } from '../../ui/primitives/copy-icon.tsx'
import { FourAnswersList, VerdictIcon } from '../../ui/feedback/verdict.tsx'
import { ChainGraphView } from './chain/chain-graph.tsx'
import classes from './verification.module.css'

export function VerificationResult(props: {
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
    <div className={classes.result} role="status">
      <p className={classes.verdict}>
        <VerdictIcon verdict={verification.ok ? 'yes' : 'no'} size={20} />
        <span className={classes.grow}>
          {verdictSentence(t, verification.ok, subject ?? t('verify.thisCertificate'), host)}
        </span>
        <CopyIcon value={asText(verification)} label={t('verify.copy')} />
      </p>
      <FourAnswersList answers={verification.answers} />
      <section className={classes.path} aria-label={t('chain.title')}>
        <h4 className={classes.heading}>{t('chain.title')}</h4>
        <ChainGraphView verification={verification} report={report} onSelect={props.onSelect} />
      </section>
      {failed.length > 0 ? <Broken candidates={failed} /> : null}
    </div>
  )
}

function Broken({ candidates }: { candidates: Verification['candidates'] }) {
  const { t } = useTranslation('inspector')
  return (
    <section className={classes.path} aria-label={t('verify.tried')}>
      <h4 className={classes.heading}>{t('verify.triedCount', { count: candidates.length })}</h4>
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
                {candidate.broken.message}{' '}
                <span className={classes.reference}>{candidate.broken.reference}</span>
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
