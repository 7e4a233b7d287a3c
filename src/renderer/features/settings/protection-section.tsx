import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { changeProtection, rotateKey } from './actions.ts'
import { ProtectorDialog, RotateDialog } from './protector-dialog.tsx'

export function ProtectionSection({
  protection,
  recoveryKey,
}: Pick<EngineStatus, 'protection' | 'recoveryKey'>) {
  const { t } = useTranslation('settings')
  const [opened, setOpened] = useState<'move' | 'rotate' | null>(null)
  const close = () => setOpened(null)
  return (
    <Section title={t('protection.title')} description={t('protection.text')}>
      <VerdictRow
        verdict={protection.weak ? 'caution' : 'yes'}
        label={t(`protection.${protection.protector}`)}
        reason={protection.reason}
      />
      {protection.warnings.map((warning) => (
        <VerdictRow key={warning} verdict="caution" label={t('protection.unfinished')} reason={warning} />
      ))}
      <div className="wrapping line gap-8 below-6">
        <ActionButton
          action={changeProtection}
          variant="default"
          disabled={protection.locked}
          act={() => setOpened('move')}
        />
        <ActionButton
          action={rotateKey}
          variant="default"
          disabled={protection.locked}
          act={() => setOpened('rotate')}
        />
      </div>
      {protection.locked ? <p className="dim flush below-8">{t('protection.lockedText')}</p> : null}
      <ProtectorDialog
        opened={opened === 'move'}
        protection={protection}
        recoveryKey={recoveryKey}
        onClose={close}
      />
      <RotateDialog opened={opened === 'rotate'} protection={protection} onClose={close} />
    </Section>
  )
}
