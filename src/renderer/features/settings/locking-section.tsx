import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Locking } from '../../../contract/custody/custody.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { ChangeSwitch, useLocked } from '../../ui/primitives/change-controls.tsx'
import { lockVault, useLock } from '../../ui/feedback/vault-lock.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { delays } from './lock-delays.ts'

export function LockingSection({ protection, locking }: Pick<EngineStatus, 'protection' | 'locking'>) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const locked = useLocked()
  const set = (patch: Partial<Locking>) =>
    void call.run((client) => client.vault.setLocking({ ...locking, ...patch }))
  const { call: locks, lock } = useLock()
  const byItself = protection.protector === 'passphrase'
  return (
    <Section
      title={t('locking.title')}
      description={t('locking.text')}
      aside={
        <ActionButton
          action={lockVault}
          variant="default"
          flex="none"
          disabled={protection.locked}
          act={lock}
        />
      }
    >
      <div className="stack gap-18">
        <Select
          label={t('locking.auto')}
          description={locked ?? t(byItself ? 'locking.autoText' : 'locking.autoNeeds')}
          w={300}
          allowDeselect={false}
          disabled={!byItself || locked !== null}
          data={delays(locking.autoLockMinutes).map((minutes) => ({
            value: String(minutes),
            label: formatDelay(t, minutes),
          }))}
          value={String(locking.autoLockMinutes)}
          onChange={(value) => set({ autoLockMinutes: value === 'null' ? null : Number(value) })}
        />
        <ChangeSwitch
          label={t('locking.stop')}
          description={t(locking.stopServing ? 'locking.stopOn' : 'locking.stopOff')}
          checked={locking.stopServing}
          onChange={(stopServing) => set({ stopServing })}
        />
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      {locks.error ? <ErrorPanel error={locks.error} /> : null}
    </Section>
  )
}

function formatDelay(t: ReturnType<typeof useTranslation<'settings'>>['t'], minutes: number | null): string {
  if (minutes === null) return t('locking.never')
  return minutes % 60 === 0
    ? t('locking.hours', { count: minutes / 60 })
    : t('locking.minutes', { count: minutes })
}
