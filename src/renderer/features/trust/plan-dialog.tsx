import { Button, Group, Modal, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrustAction, TrustOutcome, TrustPlan } from '../../../contract/trust.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/states.tsx'
import { useCall } from '../../ui/use-call.ts'
import classes from './trust.module.css'

/** Shows what would change before it is changed, and then what became of each step. */
export function PlanDialog(props: { action: TrustAction; clients?: string[]; onClose: () => void }) {
  const { t } = useTranslation('trust')
  const { action, clients, onClose } = props
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [plan, setPlan] = useState<TrustPlan | null>(null)
  const [outcomes, setOutcomes] = useState<TrustOutcome[] | null>(null)
  useEffect(() => {
    void run(() => client.trust.plan({ action, clients })).then((answer) => answer && setPlan(answer))
  }, [client, run, action, clients])

  const apply = () =>
    run(async () => {
      setOutcomes([])
      for await (const event of await client.trust.apply({
        action,
        clients,
        plan: plan?.id,
        elevation: 'ask',
      }))
        if (event.type === 'outcome') setOutcomes((before) => [...(before ?? []), event.outcome])
    })
  const isOver = outcomes !== null && !call.busy
  const isEmpty = plan?.steps.length === 0
  return (
    <Modal opened onClose={onClose} title={t(`plan.${action}`)} size="lg" centered>
      <Stack gap="md">
        {call.error ? <ErrorPanel error={call.error} /> : null}
        {plan || call.error ? null : <LoadingRows rows={3} />}
        {isEmpty ? <p>{t(action === 'install' ? 'plan.nothingInstall' : 'plan.nothingUndo')}</p> : null}
        {plan && !outcomes ? <Steps plan={plan} /> : null}
        {outcomes ? <Outcomes outcomes={outcomes} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t(isOver || isEmpty ? 'plan.close' : 'plan.cancel')}
          </Button>
          {plan && !isEmpty && !isOver ? (
            <Button loading={call.busy} onClick={() => void apply()} data-autofocus>
              {t(action === 'install' ? 'plan.doInstall' : 'plan.doUndo')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Modal>
  )
}

function Steps({ plan }: { plan: TrustPlan }) {
  const { t } = useTranslation('trust')
  return (
    <>
      <ul className={classes.steps}>
        {plan.steps.map((step) => (
          <li key={step.store}>
            <div>{step.change}</div>
            <div className={classes.reads}>{step.location}</div>
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

function Outcomes({ outcomes }: { outcomes: TrustOutcome[] }) {
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
