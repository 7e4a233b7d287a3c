import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core'
import { useImperativeHandle, useRef, useState, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { Proof, ProofKind } from '../../../contract/custody/custody.ts'
import classes from './forms.module.css'
import { ErrorPanel, useCall } from '../feedback/feedback.tsx'
import { Command } from '../primitives/note.tsx'

export interface ProofHandle {
  /** Returns the input and clears the field; null if it is empty, which the field then shows. */
  take(): Proof | null
}

const others = {
  passphrase: 'proof.byPassphrase',
  recoveryKey: 'proof.byRecoveryKey',
  code: 'proof.byCode',
} as const

/** Asks for one of the accepted proofs, by default the first. Renders nothing if none is required. */
export function ProofFields({
  accepts,
  busy,
  ref,
}: {
  accepts: readonly ProofKind[]
  busy: boolean
  ref: Ref<ProofHandle>
}) {
  const { t } = useTranslation('ui')
  const [chosen, setChosen] = useState<ProofKind | null>(null)
  const [missing, setMissing] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const kind = chosen ?? accepts[0]
  useImperativeHandle(ref, () => ({
    take() {
      if (!kind) return {}
      const typed = field.current?.value ?? ''
      setMissing(typed === '')
      if (typed === '') field.current?.focus()
      else if (field.current) field.current.value = ''
      return typed === '' ? null : { [kind]: typed }
    },
  }))
  if (!kind) return null
  const Field = kind === 'code' ? TextInput : PasswordInput
  return (
    <div className={classes.proof}>
      {kind === 'code' ? <CodeRequest /> : null}
      <Field
        ref={field}
        label={t(`proof.${kind}`)}
        autoComplete="off"
        spellCheck={false}
        readOnly={busy}
        error={missing ? t('proof.missing') : undefined}
      />
      {accepts
        .filter((other) => other !== kind)
        .map((other) => (
          <Anchor key={other} component="button" type="button" size="sm" onClick={() => setChosen(other)}>
            {t(others[other])}
          </Anchor>
        ))}
    </div>
  )
}

/** Makes the engine write the code to a file, and shows the path of its folder. */
function CodeRequest() {
  const { t } = useTranslation('ui')
  const call = useCall()
  const [path, setPath] = useState<string | null>(null)
  const ask = async () => {
    const requested = await call.run((client) => client.vault.requestCode())
    if (requested) setPath(requested.path)
  }
  return (
    <>
      <span>{t(path === null ? 'proof.codeText' : 'proof.codeWritten')}</span>
      {path === null ? (
        <Button variant="default" className="rigid" loading={call.busy} onClick={() => void ask()}>
          {t('proof.codeDo')}
        </Button>
      ) : (
        <Command value={path} label={t('proof.codeFile')} />
      )}
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </>
  )
}
