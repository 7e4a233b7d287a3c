import { Button, PasswordInput } from '@mantine/core'
import { useRef, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { OpeningProgress } from './opening-progress.tsx'
import classes from './staging.module.css'

/**
 * Asks for the passphrase of one piece. It is read from the field when it is sent and cleared at
 * once: it is never in React's state.
 */
export function PassphrasePrompt(props: {
  /** What it opens, for the field's name: the piece's file. */
  what: string
  busy: boolean
  error?: string
  onUnlock: (passphrase: string) => void
  /** Ends what takes long; absent where nothing does. */
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
