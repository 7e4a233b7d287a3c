import { Button, PasswordInput } from '@mantine/core'
import { useRef, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { OpeningProgress } from './opening-progress.tsx'
import classes from './staging.module.css'

/**
 * Asks for the passphrase of one piece. It is read from its field on submit and cleared at once, never in
 * React state.
 */
export function PassphrasePrompt(props: {
  /** File name of the piece, for the field's label. */
  what: string
  busy: boolean
  error?: string
  onUnlock: (passphrase: string) => void
  /** Cancels a slow decryption; absent if nothing is running. */
  onCancel?: () => void
}) {
  const { t } = useTranslation('intake')
  const field = useRef<HTMLInputElement>(null)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const passphrase = field.current?.value ?? ''
    if (field.current) field.current.value = ''
    if (passphrase !== '') props.onUnlock(passphrase)
    else field.current?.focus()
  }

  return (
    <>
      <form className={classes.passphrase} onSubmit={submit}>
        <PasswordInput
          ref={field}
          size="xs"
          aria-label={t('passphrase.label', { what: props.what })}
          placeholder={t('passphrase.placeholder')}
          error={props.error}
          autoComplete="off"
          data-autofocus
          readOnly={props.busy}
          className={classes.passphraseField}
        />
        <Button type="submit" size="xs" variant="default" loading={props.busy}>
          {t('passphrase.unlock')}
        </Button>
      </form>
      {props.busy && props.onCancel ? <OpeningProgress onCancel={props.onCancel} /> : null}
    </>
  )
}
