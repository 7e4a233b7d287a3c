import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { proofsForKeys } from '../../../domain/proofs.ts'

import { useClient } from '../../connection/engine-context.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { ProofFields, type ProofHandle } from '../../ui/forms/proof-fields.tsx'
import classes from './settings.module.css'

interface FormProps extends Pick<EngineStatus, 'protection' | 'recoveryKey'> {
  made: NewRecoveryKey
  onBack: () => void
  onSet: () => void
}

/** Two groups of the key must be typed back, to make sure that it was saved. */
export function RecoveryKeyForm({ made, protection, recoveryKey, onBack, onSet }: FormProps) {
  const { t } = useTranslation('settings')
  const client = useClient()
  const call = useCall()
  const proof = useRef<ProofHandle>(null)
  const [groups] = useState(twoGroups)
  const [typed, setTyped] = useState(['', ''])
  const [wrong, setWrong] = useState<readonly number[]>([])
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const mistyped = groups.filter((group, at) => !isGroup(made.recoveryKey, group, typed[at] ?? ''))
    setWrong(mistyped)
    if (mistyped.length > 0) return
    const given = proof.current?.take()
    if (!given) return
    const { publicKey } = made
    if (!(await call.run(() => client.vault.setRecoveryKey({ publicKey, proof: given })))) return
    notifyDone(t('recovery.done'))
    onSet()
  }
  return (
    <form onSubmit={(event) => void send(event)}>
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
    </form>
  )
}

/** Two distinct group indexes of eight, in ascending order. */
function twoGroups(): [number, number] {
  const first = Math.floor(Math.random() * 7)
  return [first, first + 1 + Math.floor(Math.random() * (7 - first))]
}
