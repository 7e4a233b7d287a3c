import { Button, Modal, Stack } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetupSelection } from '../../../contract/setup.ts'
import type { TrustAction, TrustOutcome, TrustPlan } from '../../../contract/trust.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { DialogFoot } from '../../ui/dialog-foot.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/states.tsx'
import { useCall } from '../../ui/use-call.ts'
import { PlanOutcomes, PlanSteps } from '../../ui/plan/plan-steps.tsx'

/** What is planned: of trust for some clients or all, or of names. */
export interface PlannedAct {
  action: TrustAction
  clients?: string[]
  /** Whole suffixes, which are led here or no longer. */
  suffixes?: string[]
  /** Single names, by the hosts file. */
  domains?: string[]
  /** To what was typed, where it cannot be done. */
  back?: () => void
}

/** An undo of all clients takes back what a setup did besides: names and ports. */
const everything: SetupSelection = { action: 'undo', parts: ['trust', 'names', 'ports'] }

/** What goes beyond the stores of clients; null where it does not. */
function setupOf({ action, clients, suffixes, domains }: PlannedAct): SetupSelection | null {
  if (suffixes || domains) return { action, parts: ['names'], suffixes, domains }
  return action === 'undo' && clients === undefined ? everything : null
}

/** Shows what would change before it is changed, and then what became of each step. */
export function PlanDialog(props: PlannedAct & { onClose: () => void }) {
  const { t } = useTranslation('trust')
  const { action, clients, suffixes, domains, back, onClose } = props
  const about = suffixes ? 'suffix' : domains ? 'name' : 'plan'
  const selection = useMemo(
    () => setupOf({ action, clients, suffixes, domains }),
    [action, clients, suffixes, domains],
  )
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [plan, setPlan] = useState<TrustPlan | null>(null)
  const [outcomes, setOutcomes] = useState<TrustOutcome[] | null>(null)
  useEffect(() => {
    void run(() => (selection ? client.setup.plan(selection) : client.trust.plan({ action, clients }))).then(
      (answer) => answer && setPlan(answer),
    )
  }, [client, run, action, clients, selection])

  const apply = () =>
    run(async () => {
      setOutcomes([])
      const how = { plan: plan?.id, elevation: 'ask' as const }
      const events = selection
        ? client.setup.apply({ ...selection, ...how })
        : client.trust.apply({ action, clients, ...how })
      for await (const event of await events)
        if (event.type === 'outcome') setOutcomes((before) => [...(before ?? []), event.outcome])
    })
  const isOver = outcomes !== null && !call.busy
  const isEmpty = plan?.steps.length === 0
  const isPossible = plan?.steps.some(({ obstacle }) => obstacle === null) ?? false
  return (
    <Modal opened onClose={onClose} title={t(`${about}.${action}`)} size="lg" centered>
      <Stack gap="md">
        {call.error ? <ErrorPanel error={call.error} /> : null}
        {plan || call.error ? null : <LoadingRows rows={3} />}
        {isEmpty ? <p>{t(action === 'install' ? `${about}.nothingInstall` : 'plan.nothingUndo')}</p> : null}
        {plan && !outcomes ? <PlanSteps plan={plan} /> : null}
        {outcomes ? <PlanOutcomes outcomes={outcomes} /> : null}
        <DialogFoot>
          <Button variant="default" onClick={onClose}>
            {t(isOver || (plan && !isPossible) ? 'plan.close' : 'plan.cancel')}
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
          {isPossible && !isOver ? (
            <Button loading={call.busy} onClick={() => void apply()} data-autofocus>
              {t(action === 'install' ? `${about}.doInstall` : 'plan.doUndo')}
            </Button>
          ) : null}
        </DialogFoot>
      </Stack>
    </Modal>
  )
}
