import { useTranslation } from 'react-i18next'
import type { Answer, FourAnswers } from '../../contract/inspect/certificate-facts.ts'
import { VerdictRow, type Verdict } from './verdict-row.tsx'

const questions = ['validity', 'authority', 'signature', 'name'] as const
type Question = (typeof questions)[number]

/**
 * The four verdicts with their reasons. `cautions` lists answers whose "no" does not stop the certificate
 * from being served (a private CA); they are shown as cautions.
 */
export function FourAnswersList({
  answers,
  cautions = [],
}: {
  answers: FourAnswers
  cautions?: readonly Question[]
}) {
  const { t } = useTranslation('ui')
  return (
    <div role="group" aria-label={t('answers.title')}>
      {questions.map((question) => {
        const answer = answers[question]
        if (!answer) return null
        return (
          <VerdictRow
            key={question}
            verdict={verdictOf(answer, cautions.includes(question))}
            label={t(`answers.${question}`)}
            reason={answer.reason}
          />
        )
      })}
    </div>
  )
}

/** A signature that cannot be checked for lack of the issuer's certificate is neither valid nor invalid. */
function verdictOf(answer: Answer, isCaution: boolean): Verdict {
  if (answer.ok) return 'yes'
  if (answer.code === 'issuer_missing') return 'unknown'
  return isCaution ? 'caution' : 'no'
}
