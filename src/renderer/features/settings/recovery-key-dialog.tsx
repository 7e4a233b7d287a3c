import { Button, Group, Modal, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'

import { CopyIcon } from '../../ui/primitives/copy-icon.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { RecoveryKeyForm } from './recovery-key-form.tsx'
import classes from './settings.module.css'

interface DialogProps extends Pick<EngineStatus, 'protection' | 'recoveryKey'> {
  opened: boolean
  /** Called once the key is set; the caller closes the dialog. */
  onSet: () => void
  onClose: () => void
}

/** Shows a new recovery key once and asks for part of it. The engine receives only its public half. */
export function RecoveryKeyDialog({ opened, ...rest }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal
      opened={opened}
      onClose={rest.onClose}
      title={t('recovery.title')}
      closeOnClickOutside={false}
      centered
      size="md"
    >
      <Steps {...rest} />
    </Modal>
  )
}

function Steps(props: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const made = useMadeKey()
  const [written, setWritten] = useState(false)
  if (made === 'failed') return <VerdictRow verdict="no" label={t('recovery.cannotMake')} />
  if (!made) return null
  return written ? (
    <RecoveryKeyForm made={made} {...props} onBack={() => setWritten(false)} />
  ) : (
    <Shown
      made={made}
      replaces={props.recoveryKey !== null}
      onDone={() => setWritten(true)}
      onClose={props.onClose}
    />
  )
}

/** Generated when the dialog opens, discarded when it closes. */
function useMadeKey(): NewRecoveryKey | 'failed' | null {
  const [made, setMade] = useState<NewRecoveryKey | 'failed' | null>(null)
  useEffect(() => {
    newRecoveryKey().then(setMade, () => setMade('failed'))
  }, [])
  return made
}

function Shown(props: { made: NewRecoveryKey; replaces: boolean; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation('settings')
  const { recoveryKey } = props.made
  return (
    <Stack gap="md">
      <span>{t('recovery.what')}</span>
      <div className={classes.recoveryKey} role="group" aria-label={t('recovery.key')}>
        {recoveryKey.split('-').map((group, index) => (
          <span key={index}>
            <small aria-hidden>{index + 1}</small>
            <code>{group}</code>
          </span>
        ))}
      </div>
      <div className={classes.chosen}>
        <strong>{t('recovery.writeDown')}</strong>
        <CopyIcon value={recoveryKey} label={t('recovery.key')} />
      </div>
      {props.replaces ? <span className={classes.dim}>{t('recovery.keepOld')}</span> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={props.onClose}>
          {t('recovery.cancel')}
        </Button>
        <Button onClick={props.onDone} data-autofocus>
          {t('recovery.written')}
        </Button>
      </Group>
    </Stack>
  )
}
