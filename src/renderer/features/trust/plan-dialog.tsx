import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetupSelection } from '../../../contract/trust/setup.ts'
import type { TrustAction } from '../../../contract/trust/trust.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { PlanDialog, type PlannedWork } from '../../ui/forms/plan.tsx'

/** Planned change: trust for some or all clients, or names. */
export interface PlannedAct {
  action: TrustAction
  clients?: string[]
  /** Suffixes to add or remove. */
  suffixes?: string[]
  /** Single names, by the hosts file. */
  domains?: string[]
  /** Restricts an undo of all clients to trust, leaving names and ports. */
  keepsNames?: boolean
  /** Returns to the input form if the plan fails. */
  back?: () => void
}

/** An undo of all clients also undoes the names and ports of a setup. */
const everything: SetupSelection = { action: 'undo', parts: ['trust', 'names', 'ports'] }

/** Selection for the setup call; null if the plan concerns only trust stores. */
function setupOf({ action, clients, suffixes, domains, keepsNames }: PlannedAct): SetupSelection | null {
  if (suffixes || domains) return { action, parts: ['names'], suffixes, domains }
  return action === 'undo' && clients === undefined && !keepsNames ? everything : null
}

export function TrustPlanDialog(props: PlannedAct & { onClose: () => void }) {
  const { t } = useTranslation('trust')
  const { action, clients, suffixes, domains, keepsNames, back, onClose } = props
  const about = suffixes ? 'suffix' : domains ? 'name' : 'plan'
  const client = useClient()
  const work = useMemo((): PlannedWork => {
    const selection = setupOf({ action, clients, suffixes, domains, keepsNames })
    return {
      plan: () => (selection ? client.setup.plan(selection) : client.trust.plan({ action, clients })),
      apply: (plan) =>
        selection
          ? client.setup.apply({ ...selection, plan, elevation: 'ask' })
          : client.trust.apply({ action, clients, plan, elevation: 'ask' }),
    }
  }, [client, action, clients, suffixes, domains, keepsNames])
  return (
    <PlanDialog
      title={t(`${about}.${action}`)}
      nothing={t(action === 'install' ? `${about}.nothingInstall` : 'plan.nothingUndo')}
      confirmLabel={t(action === 'install' ? `${about}.doInstall` : 'plan.doUndo')}
      work={work}
      back={back}
      onClose={onClose}
    />
  )
}
