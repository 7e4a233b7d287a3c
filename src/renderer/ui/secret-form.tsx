import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useEffect, useRef, useState, type FormEvent, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { Proof, ProofKind } from '../../contract/custody.ts'
import { isTooShort, strengthOf, type Strength } from '../../contract/passphrase-strength.ts'
import { EngineButton } from './change-button.tsx'
import { ProofFields, type ProofHandle } from './proof-fields.tsx'
import { ErrorPanel } from './states.tsx'
import type { Call } from './use-call.ts'

/**
 * A form that sends a passphrase: one that is `given`, one that is `chosen` (twice), or none, and a
 * proof where one is asked for. It is
 * read from the field when it is sent and cleared at once: it is never in React's state.
 */
export function SecretForm(props: {
  asks: 'given' | 'chosen' | 'nothing'
  /** The field's name: whose passphrase it is. */
  label?: string
  submitLabel: string
  danger?: boolean
  /** Why it cannot be sent yet. */
  disabled?: boolean
  call: Call
  /** What else is asked for, to show that the vault's owner is there; none: nothing. */
  accepts?: readonly ProofKind[]
  onSend: (passphrase: string, proof: Proof) => void
  onClose: () => void
  children?: ReactNode
}) {
  const { t } = useTranslation('ui')
  const first = useRef<HTMLInputElement>(null)
  const second = useRef<HTMLInputElement>(null)
  const proof = useRef<ProofHandle>(null)
  const [problem, setProblem] = useState<'short' | 'different' | 'missing' | null>(null)
  const { asks, call, label = '' } = props

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const passphrase = first.current?.value ?? ''
    const found = problemOf(asks, passphrase, second.current?.value ?? '')
    setProblem(found)
    if (found) return first.current?.focus()
    const given = proof.current?.take() ?? null
    if (!given) return
    for (const field of [first, second]) if (field.current) field.current.value = ''
    props.onSend(passphrase, given)
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {props.children}
        {asks === 'nothing' ? null : (
          <PasswordInput
            ref={first}
            label={label}
            autoComplete="off"
            data-autofocus
            readOnly={call.busy}
            error={problem ? t(`secret.${problem}`) : undefined}
          />
        )}
        {asks === 'chosen' ? <Repeat first={first} second={second} busy={call.busy} /> : null}
        <ProofFields ref={proof} accepts={props.accepts ?? []} busy={call.busy} />
        {call.error ? <ErrorPanel error={call.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('confirm.cancel')}
          </Button>
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
    </form>
  )
}

function problemOf(asks: 'given' | 'chosen' | 'nothing', passphrase: string, repeated: string) {
  if (asks === 'nothing') return null
  if (passphrase === '') return 'missing'
  if (asks === 'given') return null
  if (isTooShort(passphrase)) return 'short'
  return passphrase === repeated ? null : 'different'
}

/** The second field, and what is said of the first as it is typed. */
function Repeat(props: {
  first: RefObject<HTMLInputElement | null>
  second: RefObject<HTMLInputElement | null>
  busy: boolean
}) {
  const { t } = useTranslation('ui')
  const [strength, setStrength] = useState<Strength>('none')
  const asked = useRef(0)
  const judge = async () => {
    const question = (asked.current += 1)
    const found = await strengthOf(props.first.current?.value ?? '')
    if (question === asked.current) setStrength(found)
  }
  // The word lists are there before they are needed; a dialog that was closed takes no answer.
  useEffect(() => {
    void strengthOf('loads the lists')
    return () => void (asked.current = -1)
  }, [])
  return (
    <PasswordInput
      ref={props.second}
      label={t('secret.repeat')}
      description={<span role="status">{t(`secret.strength.${strength}`)}</span>}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autoComplete="off"
      readOnly={props.busy}
      onFocus={() => void judge()}
      onBlur={() => void judge()}
    />
  )
}
