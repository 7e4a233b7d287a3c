import { useTranslation } from 'react-i18next'
import type { TrustOutcome, TrustPlan } from '../../../contract/trust/trust.ts'
import classes from './plan.module.css'

/** Steps of a plan, with the full script that runs as administrator. */
export function PlanSteps({ plan }: { plan: TrustPlan }) {
  const { t } = useTranslation('trust')
  return (
    <>
      <ul className={classes.steps}>
        {plan.steps.map((step) => (
          <li key={step.store}>
            <div>{step.change}</div>
            <div className={classes.reads}>{step.location}</div>
            {step.commands !== null && !step.elevated && !step.obstacle ? (
              <pre className={classes.script} tabIndex={0}>
                {step.commands}
              </pre>
            ) : null}
            {step.obstacle ? (
              <div className={classes.caution}>{t('plan.leftOut', { reason: step.obstacle.sentence })}</div>
            ) : step.elevated ? (
              <div className={classes.caution}>{t('plan.elevated')}</div>
            ) : null}
          </li>
        ))}
      </ul>
      {plan.elevatedScript ? (
        <div>
          <p>{t('plan.elevatedText')}</p>
          <pre className={classes.script} tabIndex={0}>
            {plan.elevatedScript}
          </pre>
        </div>
      ) : null}
    </>
  )
}

export function PlanOutcomes({ outcomes }: { outcomes: TrustOutcome[] }) {
  const { t } = useTranslation('trust')
  return (
    <ul className={classes.steps} aria-live="polite">
      {outcomes.map(({ store, title, outcome, sentence }) => (
        <li key={store}>
          <div>
            <strong>{t(`plan.outcome.${outcome}`)}</strong>: {title}
          </div>
          <div className={classes.reads}>{sentence}</div>
        </li>
      ))}
    </ul>
  )
}
