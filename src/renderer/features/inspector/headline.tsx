import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Diagnosis } from '../../../contract/diagnosis.ts'
import { CopyIcon } from '../../ui/copy-icon.tsx'
import { VerdictRow, type Verdict } from '../../ui/verdict-row.tsx'
import classes from './headline.module.css'

const icons = { good: IconCircleCheck, attention: IconAlertTriangle, bad: IconCircleX }
const verdicts: Record<Diagnosis['severity'], Verdict> = { good: 'yes', attention: 'caution', bad: 'no' }

/** What a person should know first: one sentence, the next step, and what can be done about it here. */
export function Headline(props: { diagnosis: Diagnosis; children?: ReactNode }) {
  const { t } = useTranslation('inspector')
  const { severity, sentence, nextStep } = props.diagnosis
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
      <div className={classes.words} role="status">
        <p className={classes.sentence}>{sentence}</p>
        {nextStep === '' ? null : <p className={classes.next}>{nextStep}</p>}
        {props.children}
      </div>
      <CopyIcon value={`${sentence} ${nextStep}`.trim()} label={t('headline.copy')} />
    </section>
  )
}

/** The rest that is to be said. */
export function AlsoFound({ others }: { others: readonly Diagnosis[] }) {
  const { t } = useTranslation('inspector')
  if (others.length === 0) return null
  return (
    <section className={classes.also} aria-label={t('headline.also')}>
      <h3 className={classes.alsoTitle}>{t('headline.also')}</h3>
      {others.map(({ situation, severity, sentence, nextStep }) => (
        <VerdictRow key={situation} verdict={verdicts[severity]} label={sentence} reason={nextStep} />
      ))}
    </section>
  )
}
