import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ChangeSwitch, useLocked } from '../../ui/primitives/change-controls.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { useMemo, useState } from 'react'
import type { SetupSelection } from '../../../contract/trust/setup.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { PlanDialog, type PlannedWork } from '../../ui/forms/plan.tsx'
import { undoAll } from './actions.ts'

const choices = ['ask', 'keep', 'quit'] as const
type Choice = (typeof choices)[number]

/** Behaviour of the desktop app on window close and at login. Not shown in a browser. */
export function DesktopSection({ desktop }: Pick<EngineStatus, 'desktop'>) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const locked = useLocked()
  if (!window.edgekeepDesktop) return null
  const close = (choice: Choice) =>
    void call.run((client) => client.desktop.setPreferences({ onClose: choice === 'ask' ? null : choice }))
  return (
    <Section title={t('desktop.title')} description={t('desktop.text')}>
      <div className="stack gap-18">
        <Select
          label={t('desktop.onClose')}
          description={locked ?? t('desktop.onCloseText')}
          w={300}
          allowDeselect={false}
          disabled={locked !== null}
          data={choices.map((value) => ({ value, label: t(`desktop.close.${value}`) }))}
          value={desktop.onClose ?? 'ask'}
          onChange={(value) => close(choices.find((choice) => choice === value) ?? 'ask')}
        />
        <ChangeSwitch
          label={t('desktop.login')}
          description={t('desktop.loginText')}
          checked={desktop.startAtLogin}
          onChange={(startAtLogin) =>
            void call.run((client) => client.desktop.setPreferences({ startAtLogin }))
          }
        />
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </Section>
  )
}

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
      <div className="wrapping line gap-8 below-6">
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
