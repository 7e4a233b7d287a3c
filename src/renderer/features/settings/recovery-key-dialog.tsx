import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useEffect, useState, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { newRecoveryKey, type NewRecoveryKey } from '../../../domain/recovery-key-pair.ts'
import { isGroup } from '../../../domain/recovery-key.ts'
import { CopyIcon } from '../../ui/primitives/copy-icon.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import classes from './settings.module.css'
import { proofsForKeys } from '../../../domain/proofs.ts'
import { notifyDone, ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { ProofFields, type ProofHandle } from '../../ui/forms/proof-fields.tsx'
import { SubmitForm, CancelButton } from '../../ui/forms/dialog.tsx'

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
      <div className="wrap row between gap-12">
        <strong>{t('recovery.writeDown')}</strong>
        <CopyIcon value={recoveryKey} label={t('recovery.key')} />
      </div>
      {props.replaces ? <span className="dim">{t('recovery.keepOld')}</span> : null}
      <Group justify="flex-end" gap="xs">
        <CancelButton onClick={props.onClose} />
        <Button onClick={props.onDone} data-autofocus>
          {t('recovery.written')}
        </Button>
      </Group>
    </Stack>
  )
}

interface FormProps extends Pick<EngineStatus, 'protection' | 'recoveryKey'> {
  made: NewRecoveryKey
  onBack: () => void
  onSet: () => void
}

/** Two groups of the key must be typed back, to make sure that it was saved. */
function RecoveryKeyForm({ made, protection, recoveryKey, onBack, onSet }: FormProps) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const proof = useRef<ProofHandle>(null)
  const [groups] = useState(twoGroups)
  const [typed, setTyped] = useState(['', ''])
  const [wrong, setWrong] = useState<readonly number[]>([])
  const send = async () => {
    const mistyped = groups.filter((group, at) => !isGroup(made.recoveryKey, group, typed[at] ?? ''))
    setWrong(mistyped)
    if (mistyped.length > 0) return
    const given = proof.current?.take()
    if (!given) return
    const { publicKey } = made
    if (!(await call.run((client) => client.vault.setRecoveryKey({ publicKey, proof: given })))) return
    notifyDone(t('recovery.done'))
    onSet()
  }
  return (
    <SubmitForm onSubmit={send}>
      <Stack gap="md">
        <span>{t('recovery.typeBack')}</span>
        <div className={classes.pair}>
          {groups.map((group, at) => (
            <TextInput
              key={group}
              label={t('recovery.group', { number: group + 1 })}
              value={typed[at] ?? ''}
              onChange={({ currentTarget: { value } }) => setTyped((all) => all.with(at, value))}
              autoComplete="off"
              spellCheck={false}
              readOnly={call.busy}
              error={wrong.includes(group) ? t('recovery.mistyped') : undefined}
              data-autofocus={at === 0 ? true : undefined}
            />
          ))}
        </div>
        <ProofFields
          ref={proof}
          accepts={proofsForKeys(protection.protector, recoveryKey !== null)}
          busy={call.busy}
        />
        {call.error ? <ErrorPanel error={call.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onBack}>
            {t('recovery.back')}
          </Button>
          <Button type="submit" loading={call.busy}>
            {t('recovery.do')}
          </Button>
        </Group>
      </Stack>
    </SubmitForm>
  )
}

/** Two distinct group indexes of eight, in ascending order. */
function twoGroups(): [number, number] {
  const first = Math.floor(Math.random() * 7)
  return [first, first + 1 + Math.floor(Math.random() * (7 - first))]
}
