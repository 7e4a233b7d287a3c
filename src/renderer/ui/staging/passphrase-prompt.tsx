import { Button, PasswordInput, Progress } from '@mantine/core'
import { useRef, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './staging.module.css'
import { useClient } from '../../connection/engine-context.tsx'
import { useTaskBarProgress } from '../feedback/feedback.tsx'
import { SubmitForm } from '../forms/dialog.tsx'

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

  const submit = () => {
    const passphrase = field.current?.value ?? ''
    if (field.current) field.current.value = ''
    if (passphrase !== '') props.onUnlock(passphrase)
    else field.current?.focus()
  }

  return (
    <>
      <SubmitForm className="row-top gap-8 below-6" onSubmit={submit}>
        <PasswordInput
          ref={field}
          size="xs"
          aria-label={t('passphrase.label', { what: props.what })}
          placeholder={t('passphrase.placeholder')}
          error={props.error}
          autoComplete="off"
          data-autofocus
          readOnly={props.busy}
          className="grow"
        />
        <Button type="submit" size="xs" variant="default" loading={props.busy}>
          {t('passphrase.unlock')}
        </Button>
      </SubmitForm>
      {props.busy && props.onCancel ? <OpeningProgress onCancel={props.onCancel} /> : null}
    </>
  )
}

/** Progress of decrypting a key, from the engine's first report. Most keys open without one. */
function OpeningProgress({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation(['intake', 'ui'])
  const client = useClient()
  const [done, setDone] = useState<number | null>(null)
  useTaskBarProgress(done)

  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    void (async () => {
      for await (const opening of await client.inspect.openings(undefined, { signal })) setDone(opening.done)
      // An ended stream keeps the last value; the call itself reports the result.
    })().catch(() => undefined)
    return () => ending.abort()
  }, [client])

  if (done === null) return null
  return (
    <div className={classes.opening}>
      <div className={classes.openingWords} role="status">
        {t('passphrase.deriving')}
      </div>
      <Progress value={Math.round(done * 100)} size="sm" aria-label={t('passphrase.progress')} />
      <Button size="compact-xs" variant="subtle" onClick={onCancel}>
        {t('ui:confirm.cancel')}
      </Button>
    </div>
  )
}
