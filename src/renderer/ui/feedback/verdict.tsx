import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './feedback.module.css'
import type { Answer, FourAnswers } from '../../../contract/inspect/certificate-facts.ts'

/** `caution`: yes with a warning; `unknown`: not checked or not known. */
export type Verdict = 'yes' | 'no' | 'caution' | 'unknown'

const colours = { yes: 'accent', no: 'no', caution: 'caution', unknown: 'dim' }
const icons = { yes: IconCircleCheck, no: IconCircleX, caution: IconAlertTriangle, unknown: IconCircleMinus }

/** Icon with a distinct shape and a label for screen readers, never colour alone. */
export function VerdictIcon({ verdict, size = 18 }: { verdict: Verdict; size?: number }) {
  const { t } = useTranslation('ui')
  const Icon = icons[verdict]
  return (
    <Icon
      size={size}
      stroke={1.8}
      role="img"
      aria-label={t(`verdict.${verdict}`)}
      className={colours[verdict]}
    />
  )
}

export function VerdictRow(props: {
  verdict: Verdict
  label: ReactNode
  reason?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className={classes.row} data-verdict={props.verdict}>
      <VerdictIcon verdict={props.verdict} />
      <div className={classes.text}>
        <div className={classes.label}>{props.label}</div>
        {props.reason ? <div className={classes.reason}>{props.reason}</div> : null}
        {props.children}
      </div>
    </div>
  )
}

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
