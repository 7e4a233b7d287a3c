import { Button, FileButton, Modal, Stack } from '@mantine/core'
import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EngineButton } from '../primitives/change-controls.tsx'
import type { Obstacle, PrivateCure, TrustOutcome, TrustPlan } from '../../../contract/trust/trust.ts'
import { DialogFoot } from './dialog.tsx'
import { ErrorPanel, LoadingRows, useCall } from '../feedback/feedback.tsx'
import { Command, Note } from '../primitives/note.tsx'
import { type OutcomeGroup, orderedOutcomes } from './outcome-groups.ts'
import classes from './forms.module.css'

type Event = { type: 'step' } | { type: 'outcome'; outcome: TrustOutcome }

/** A plan that is shown before it is applied. Must stay the same object for the same subject. */
export interface PlannedWork {
  plan(): Promise<TrustPlan>
  apply(plan: string): Promise<AsyncIterable<Event>>
}

/** Shows the planned changes for confirmation, then the outcome of each step. */
export function PlanDialog(props: {
  title: string
  /** Text of an empty plan. */
  nothing: string
  confirmLabel: string
  work: PlannedWork
  /** Returns to the input form if the plan fails. */
  back?: (() => void) | undefined
  onClose: () => void
}) {
  const { t } = useTranslation(['trust', 'ui'])
  const { title, nothing, confirmLabel, work, back, onClose } = props
  const call = useCall()
  const { run } = call
  const [plan, setPlan] = useState<TrustPlan | null>(null)
  const [outcomes, setOutcomes] = useState<TrustOutcome[] | null>(null)
  useEffect(() => {
    void run(() => work.plan()).then((answer) => answer && setPlan(answer))
  }, [run, work])

  const apply = ({ id }: TrustPlan) =>
    run(async () => {
      setOutcomes([])
      for await (const event of await work.apply(id))
        if (event.type === 'outcome') setOutcomes((before) => [...(before ?? []), event.outcome])
    })
  const isOver = outcomes !== null && !call.busy
  const isPossible = plan !== null && isPlanPossible(plan)
  return (
    <Modal opened onClose={onClose} title={title} size="lg" centered>
      <Stack gap="md">
        {call.error ? <ErrorPanel error={call.error} /> : null}
        {plan || call.error ? null : <LoadingRows rows={3} />}
        {plan?.steps.length === 0 ? <p>{nothing}</p> : null}
        {plan && !outcomes ? <PlanSteps plan={plan} /> : null}
        {outcomes ? <PlanOutcomes outcomes={outcomes} /> : null}
        <DialogFoot>
          <Button variant="default" onClick={onClose}>
            {t(isOver || (plan && !isPossible) ? 'ui:close' : 'ui:confirm.cancel')}
          </Button>
          {back && call.error && !outcomes ? (
            <Button
              onClick={() => {
                onClose()
                back()
              }}
            >
              {t('plan.back')}
            </Button>
          ) : null}
          {plan && isPossible && !isOver ? (
            <EngineButton
              variant={plan.unaskable === null ? 'filled' : 'default'}
              loading={call.busy}
              onClick={() => void apply(plan)}
              data-autofocus
            >
              {plan.unaskable === null ? confirmLabel : t('plan.others')}
            </EngineButton>
          ) : null}
        </DialogFoot>
      </Stack>
    </Modal>
  )
}

/** Whether anything of a plan can be done from here. */
export function isPlanPossible({ steps, unaskable }: TrustPlan): boolean {
  return steps.some(({ obstacle, elevated }) => obstacle === null && (!elevated || unaskable === null))
}

type OnCure = (cure: PrivateCure, root?: File) => void

/** Steps of a plan, with the full script that runs as administrator. */
export function PlanSteps({ plan, onCure }: { plan: TrustPlan; onCure?: OnCure }) {
  const { t } = useTranslation('trust')
  return (
    <>
      <ul className="plain-list stack gap-12">
        {plan.steps.map((step) => (
          <li key={step.store}>
            <div>{step.change}</div>
            <div className="dim text-xs wrap">{step.location}</div>
            {step.commands !== null && !step.elevated && !step.obstacle ? (
              <pre className={classes.script} tabIndex={0}>
                {step.commands}
              </pre>
            ) : null}
            {step.obstacle ? (
              <ObstacleNote obstacle={step.obstacle} onCure={onCure} />
            ) : step.elevated ? (
              <div className="caution">{t('plan.elevated')}</div>
            ) : null}
          </li>
        ))}
      </ul>
      <UnaskableNote plan={plan} />
      {plan.elevatedScript && plan.unaskable === null ? (
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

/** Reason why a step is left out, with each remedy as a command to copy and, where `onCure` takes it, a button. */
function ObstacleNote({ obstacle, onCure }: { obstacle: Obstacle; onCure: OnCure | undefined }) {
  const { t } = useTranslation('trust')
  const { sentence, command, cures } = obstacle
  return (
    <div className="stack gap-8">
      <div className="caution">{cures ? sentence : t('plan.leftOut', { reason: sentence })}</div>
      {command === null ? null : <Command value={command} label={t('plan.command')} />}
      {cures?.map(({ cure, command: line, isRootMissing }) => (
        <div key={cure} className="stack gap-6">
          <div className="row between gap-12">
            <span>{t(`plan.cure.${cure}`)}</span>
            {onCure ? (
              <FileButton onChange={(file) => file && onCure(cure, file)}>
                {({ onClick }) => (
                  <EngineButton
                    className="rigid"
                    variant="default"
                    onClick={isRootMissing ? onClick : () => onCure(cure)}
                  >
                    {t(isRootMissing ? 'plan.chooseRoot' : `plan.doCure.${cure}`)}
                  </EngineButton>
                )}
              </FileButton>
            ) : null}
          </div>
          <Command value={line} label={t('plan.command')} />
        </div>
      ))}
    </div>
  )
}

/** Outcomes of a plan: failures on top, in red, with their consequences folded. */
export function PlanOutcomes({ outcomes }: { outcomes: TrustOutcome[] }) {
  const { t } = useTranslation('trust')
  const { missed, consequences, done } = orderedOutcomes(outcomes)
  return (
    <div className="stack gap-12" aria-live="polite">
      <OutcomeList groups={missed} isMissed />
      {consequences.length > 0 ? (
        <details>
          <summary>{t('plan.consequences', { count: consequences.length })}</summary>
          {consequences.map(({ store, title, sentence }) => (
            <p key={store} className="dim text-xs wrap flush">
              {title}: {sentence}
            </p>
          ))}
        </details>
      ) : null}
      <OutcomeList groups={done} />
    </div>
  )
}

function OutcomeList({ groups, isMissed = false }: { groups: OutcomeGroup[]; isMissed?: boolean }) {
  const { t } = useTranslation('trust')
  const Sign = isMissed ? IconAlertCircle : IconCheck
  if (groups.length === 0) return null
  return (
    <ul className="plain-list stack gap-12">
      {groups.map(({ titles, outcome, sentence }) => (
        <li key={titles.join()} className="row-top gap-8">
          <Sign size={18} className={isMissed ? 'no' : 'dim'} aria-hidden />
          <div>
            <div>
              <strong className={isMissed ? 'no' : undefined}>{t(`plan.outcome.${outcome}`)}</strong>:{' '}
              {titles.join(', ')}
            </div>
            <div className={`text-xs wrap ${isMissed ? '' : 'dim'}`}>{sentence}</div>
          </div>
        </li>
      ))}
    </ul>
  )
}

/** One message and one command where this system cannot ask for an administrator's rights. */
function UnaskableNote({ plan: { unaskable } }: { plan: TrustPlan }) {
  const { t } = useTranslation('trust')
  if (unaskable === null) return null
  return (
    <Note tone="caution">
      <div className="grow stack gap-8">
        <span>{unaskable.sentence}</span>
        {unaskable.command ? <Command value={unaskable.command} label={t('plan.command')} /> : null}
      </div>
    </Note>
  )
}
