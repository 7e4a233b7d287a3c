import { useTranslation } from 'react-i18next'
import type { FourAnswers } from '../../contract/certificate-facts.ts'
import { VerdictRow, type Verdict } from './verdict-row.tsx'

const questions = ['validity', 'authority', 'signature', 'name'] as const
type Question = (typeof questions)[number]

/**
 * The product's four answers with their reasons. `cautions` names those whose "no" does not stop
 * the certificate from being served (an authority of one's own), shown as a caution.
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
        const no: Verdict = cautions.includes(question) ? 'caution' : 'no'
        return (
          <VerdictRow
            key={question}
            verdict={answer.ok ? 'yes' : no}
            label={t(`answers.${question}`)}
            reason={answer.reason}
          />
        )
      })}
    </div>
  )
}
