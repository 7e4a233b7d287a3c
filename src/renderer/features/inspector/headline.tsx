import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Diagnosis } from '../../../contract/inspect/diagnosis.ts'
import { CopyIcon } from '../../ui/primitives/copy-icon.tsx'
import { VerdictRow, type Verdict } from '../../ui/feedback/verdict.tsx'
import classes from './inspector.module.css'

const icons = { good: IconCircleCheck, attention: IconAlertTriangle, bad: IconCircleX }
const verdicts: Record<Diagnosis['severity'], Verdict> = { good: 'yes', attention: 'caution', bad: 'no' }

const lockedSituations: ReadonlySet<string> = new Set(['archive-locked', 'key-locked', 'wrong-passphrase'])

/** Most important diagnosis: one sentence, the next step, and actions. */
export function Headline(props: {
  diagnosis: Diagnosis
  /** Passphrase prompt, if unlocking is the next step. */
  unlock?: ReactNode
  children?: ReactNode
}) {
  const { t } = useTranslation('inspector')
  const { situation, severity, sentence, nextStep } = props.diagnosis
  const Icon = icons[severity]
  return (
    <section className={classes.headline} data-severity={severity} aria-label={t('headline.label')}>
      <Icon
        size={26}
        stroke={1.6}
        role="img"
        aria-label={t(`headline.${severity}`)}
        className={classes.icon}
      />
      <div className="grow" role="status">
        <p className={classes.sentence}>{sentence}</p>
        {nextStep === '' ? null : <p className="flush pretty wrap below-4">{nextStep}</p>}
        {lockedSituations.has(situation) ? props.unlock : props.children}
      </div>
      <CopyIcon value={`${sentence} ${nextStep}`.trim()} label={t('headline.copy')} />
    </section>
  )
}

export function AlsoFound(props: { others: readonly Diagnosis[]; unlock?: ReactNode }) {
  const { t } = useTranslation('inspector')
  const { others } = props
  if (others.length === 0) return null
  return (
    <section className="below-12" aria-label={t('headline.also')}>
      <h3 className="caption">{t('headline.also')}</h3>
      {others.map(({ situation, severity, sentence, nextStep }) => (
        <VerdictRow key={situation} verdict={verdicts[severity]} label={sentence} reason={nextStep}>
          {lockedSituations.has(situation) ? props.unlock : null}
        </VerdictRow>
      ))}
    </section>
  )
}
