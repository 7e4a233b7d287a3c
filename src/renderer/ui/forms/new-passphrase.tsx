import { PasswordInput } from '@mantine/core'
import { useEffect, useImperativeHandle, useRef, useState, type Ref, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { isTooShort, strengthOf, type Strength } from '../../../contract/custody/passphrase-strength.ts'

export interface NewPassphraseHandle {
  /** Returns the passphrase, or null if it is invalid, which its field then shows. */
  read(): string | null
  clear(): void
}

/** Both fields of a new passphrase, with its strength. The passphrase is never in React state. */
export function NewPassphrase(props: {
  ref: Ref<NewPassphraseHandle>
  label: string
  description?: string
  busy: boolean
  /** Focused when the dialog opens. */
  first?: boolean
}) {
  const { t } = useTranslation('ui')
  const first = useRef<HTMLInputElement>(null)
  const second = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<'short' | 'different' | 'missing' | null>(null)
  useImperativeHandle(props.ref, () => ({
    read() {
      const passphrase = first.current?.value ?? ''
      const found = problemOf(passphrase, second.current?.value ?? '')
      setProblem(found)
      if (found) first.current?.focus()
      return found ? null : passphrase
    },
    clear() {
      for (const field of [first, second]) if (field.current) field.current.value = ''
    },
  }))
  return (
    <>
      <PasswordInput
        ref={first}
        label={props.label}
        description={props.description}
        autoComplete="off"
        data-autofocus={props.first}
        readOnly={props.busy}
        error={problem ? t(`secret.${problem}`) : undefined}
      />
      <Repeat first={first} second={second} busy={props.busy} />
    </>
  )
}

function problemOf(passphrase: string, repeated: string) {
  if (passphrase === '') return 'missing'
  if (isTooShort(passphrase)) return 'short'
  return passphrase === repeated ? null : 'different'
}

/** Confirmation field, and the strength of the first field. */
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
  // Preloads the word lists; an answer after unmounting is ignored.
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
