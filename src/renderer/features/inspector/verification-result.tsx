import { useTranslation } from 'react-i18next'
import type { Verification } from '../../../contract/certificate-facts.ts'
import { PathList } from '../../ui/certificate/path-list.tsx'
import { FourAnswersList } from '../../ui/four-answers.tsx'
import { VerdictIcon } from '../../ui/verdict-row.tsx'
import classes from './verification.module.css'

/** The answer and its explanation: four answers, the path that holds, and what broke the others. */
export function VerificationResult(props: { verification: Verification; host: string | null }) {
  const { t } = useTranslation('inspector')
  const { verification, host } = props
  const subject = (verification.path[0] ?? verification.candidates[0]?.certificates[0])?.title
  const failed = verification.candidates.filter((candidate) => candidate.broken !== null)
  return (
    <div className={classes.result} role="status">
      <p className={classes.verdict}>
        <VerdictIcon verdict={verification.ok ? 'yes' : 'no'} size={20} />
        <span>{verdictSentence(t, verification.ok, subject ?? t('verify.thisCertificate'), host)}</span>
      </p>
      <FourAnswersList answers={verification.answers} />
      {verification.path.length > 0 ? (
        <section className={classes.path} aria-label={t('verify.path')}>
          <h4 className={classes.heading}>
            {t('verify.pathTrusted', { store: verification.trustedBy ?? t('verify.nobody') })}
          </h4>
          <PathList path={verification.path} />
        </section>
      ) : null}
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

type Translate = ReturnType<typeof useTranslation<'inspector'>>['t']
function verdictSentence(t: Translate, ok: boolean, title: string, host: string | null): string {
  if (host === null) return ok ? t('verify.yes', { title }) : t('verify.no', { title })
  return ok ? t('verify.yesFor', { title, host }) : t('verify.noFor', { title, host })
}
