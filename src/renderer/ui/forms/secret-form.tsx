import { Group, PasswordInput, Stack } from '@mantine/core'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Proof, ProofKind } from '../../../contract/custody/custody.ts'
import { EngineButton } from '../primitives/change-controls.tsx'
import { NewPassphrase, type NewPassphraseHandle } from './new-passphrase.tsx'
import { ProofFields, type ProofHandle } from './proof-fields.tsx'
import { ErrorPanel, type Call } from '../feedback/feedback.tsx'
import { SubmitForm, CancelButton } from './dialog.tsx'

/**
 * Form for a passphrase that is `given`, `chosen` (entered twice) or not needed, and a proof of ownership if
 * required. The passphrase is read from its field on submit and cleared at once, never in React state.
 */
export function SecretForm(props: {
  asks: 'given' | 'chosen' | 'nothing'
  label?: string
  submitLabel: string
  danger?: boolean
  /** Disables the submit button. */
  disabled?: boolean
  call: Call
  /** Accepted proofs of ownership; empty if none is required. */
  accepts?: readonly ProofKind[]
  onSend: (passphrase: string, proof: Proof) => void
  onClose: () => void
  children?: ReactNode
}) {
  const { t } = useTranslation('ui')
  const given = useRef<HTMLInputElement>(null)
  const chosen = useRef<NewPassphraseHandle>(null)
  const proof = useRef<ProofHandle>(null)
  const [isMissing, setMissing] = useState(false)
  const { asks, call, label = '' } = props

  const read = () => {
    if (asks === 'nothing') return ''
    if (asks === 'chosen') return chosen.current?.read() ?? null
    const passphrase = given.current?.value ?? ''
    setMissing(passphrase === '')
    if (passphrase === '') given.current?.focus()
    return passphrase === '' ? null : passphrase
  }

  const submit = () => {
    const passphrase = read()
    const shown = passphrase === null ? null : (proof.current?.take() ?? null)
    if (passphrase === null || !shown) return
    chosen.current?.clear()
    if (given.current) given.current.value = ''
    props.onSend(passphrase, shown)
  }

  return (
    <SubmitForm onSubmit={submit}>
      <Stack gap="md">
        {props.children}
        {asks === 'given' ? (
          <PasswordInput
            ref={given}
            label={label}
            autoComplete="off"
            data-autofocus
            readOnly={call.busy}
            error={isMissing ? t('secret.missing') : undefined}
          />
        ) : null}
        {asks === 'chosen' ? <NewPassphrase ref={chosen} label={label} busy={call.busy} first /> : null}
        <ProofFields ref={proof} accepts={props.accepts ?? []} busy={call.busy} />
        {call.error ? <ErrorPanel error={call.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <CancelButton onClick={props.onClose} />
          <EngineButton
            type="submit"
            color={props.danger ? 'red' : undefined}
            disabled={props.disabled ?? false}
            loading={call.busy}
          >
            {props.submitLabel}
          </EngineButton>
        </Group>
      </Stack>
    </SubmitForm>
  )
}
