import { Button, Group, Modal, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetupSelection } from '../../../contract/setup.ts'
import type { TrustAction, TrustOutcome, TrustPlan } from '../../../contract/trust.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/states.tsx'
import { useCall } from '../../ui/use-call.ts'
import { PlanOutcomes, PlanSteps } from '../../ui/plan/plan-steps.tsx'

/** An undo of all clients takes back what a setup did besides: names and ports. */
const everything: SetupSelection = { action: 'undo', parts: ['trust', 'names', 'ports'] }

function isAll({ action, clients }: { action: TrustAction; clients?: string[] }): boolean {
  return action === 'undo' && clients === undefined
}

/** Shows what would change before it is changed, and then what became of each step. */
export function PlanDialog(props: { action: TrustAction; clients?: string[]; onClose: () => void }) {
  const { t } = useTranslation('trust')
  const { action, clients, onClose } = props
  const all = isAll({ action, clients })
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [plan, setPlan] = useState<TrustPlan | null>(null)
  const [outcomes, setOutcomes] = useState<TrustOutcome[] | null>(null)
  useEffect(() => {
    void run(() => (all ? client.setup.plan(everything) : client.trust.plan({ action, clients }))).then(
      (answer) => answer && setPlan(answer),
    )
  }, [client, run, action, clients, all])

  const apply = () =>
    run(async () => {
      setOutcomes([])
      const how = { plan: plan?.id, elevation: 'ask' as const }
      const events = all
        ? client.setup.apply({ ...everything, ...how })
        : client.trust.apply({ action, clients, ...how })
      for await (const event of await events)
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
        {plan && !outcomes ? <PlanSteps plan={plan} /> : null}
        {outcomes ? <PlanOutcomes outcomes={outcomes} /> : null}
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
