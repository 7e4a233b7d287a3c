import { PasswordInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useRef, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { EdgekeepError } from '../../contract/errors/registry.ts'
import { useClient, useEngineStatus } from '../connection/engine-context.tsx'
import { HinderedButton, useEnded } from '../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel, useCall } from '../ui/feedback/feedback.tsx'
import { unlockForm } from '../ui/feedback/vault-lock.tsx'
import { Banner } from './banner.tsx'
import classes from './locked-vault.module.css'

/** Banner with the unlock form, above every page while the vault is locked. */
export function LockedVault() {
  const { t } = useTranslation('vault')
  const protection = useEngineStatus((state) => (state.problem ? undefined : state.value?.protection))
  const down = useEngineStatus((state) => state.value?.domains.down ?? 0)
  if (!protection?.locked) return null
  return (
    <Banner
      label={t('title')}
      icon={IconLock}
      isTrouble={down > 0}
      title={protection.lockReason}
      lines={[...(down > 0 ? [t('down', { count: down })] : []), t('whatWorks')]}
    >
      <Unlock asksPassphrase={protection.protector === 'passphrase'} />
    </Banner>
  )
}

/** Omits errors that the banner's title (`vault.locked`) or the field (wrong passphrase) already shows. */
function UnlockFailure({ error }: { error: EdgekeepError }) {
  const { t } = useTranslation('vault')
  if (error.code === 'vault.wrong_passphrase') return null
  if (error.code === 'vault.locked') return <p role="alert">{t('stillLocked')}</p>
  return <ErrorPanel error={error} />
}

/** The passphrase is read from its field on submit and cleared at once. */
function Unlock({ asksPassphrase }: { asksPassphrase: boolean }) {
  const { t } = useTranslation('vault')
  const client = useClient()
  const call = useCall()
  const ended = useEnded()
  const field = useRef<HTMLInputElement>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (ended !== null) return
    const passphrase = field.current?.value ?? ''
    if (field.current) field.current.value = ''
    if (asksPassphrase && passphrase === '') return field.current?.focus()
    const opened = await call.run(() => client.vault.unlock(asksPassphrase ? { passphrase } : {}))
    if (opened) notifyDone(t('unlocked'))
    else field.current?.focus()
  }
  return (
    <form id={unlockForm} className={classes.form} onSubmit={(event) => void submit(event)}>
      <div className={classes.fields}>
        {asksPassphrase ? (
          <PasswordInput
            ref={field}
            className={classes.field}
            aria-label={t('passphrase')}
            placeholder={t('passphrase')}
            autoComplete="off"
            readOnly={call.busy}
            error={call.error?.code === 'vault.wrong_passphrase' ? call.error.message : undefined}
          />
        ) : null}
        <HinderedButton hindrance={ended} type="submit" size="sm" loading={call.busy}>
          {t('unlock')}
        </HinderedButton>
      </div>
      {call.error ? <UnlockFailure error={call.error} /> : null}
    </form>
  )
}
