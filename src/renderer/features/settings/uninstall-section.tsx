import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetupSelection } from '../../../contract/trust/setup.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { PlanDialog, type PlannedWork } from '../../ui/forms/plan.tsx'
import { undoAll } from './actions.ts'
import classes from './settings.module.css'

const everything: SetupSelection = { action: 'undo', parts: ['trust', 'names', 'ports', 'login'] }

/** Undoes changes to this computer that removing the package does not undo. */
export function UninstallSection() {
  const { t } = useTranslation('settings')
  const client = useClient()
  const [isAsked, setAsked] = useState(false)
  const work = useMemo(
    (): PlannedWork => ({
      plan: () => client.setup.plan(everything),
      apply: (plan) => client.setup.apply({ ...everything, plan, elevation: 'ask' }),
    }),
    [client],
  )
  return (
    <Section title={t('uninstall.title')} description={t('uninstall.text')}>
      <div className={classes.buttons}>
        <ActionButton action={undoAll} variant="default" act={() => setAsked(true)} />
      </div>
      {isAsked ? (
        <PlanDialog
          title={t('uninstall.plan')}
          nothing={t('uninstall.nothing')}
          confirmLabel={t('uninstall.do')}
          work={work}
          onClose={() => setAsked(false)}
        />
      ) : null}
    </Section>
  )
}
