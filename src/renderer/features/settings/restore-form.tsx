import { Button, PasswordInput, Stack } from '@mantine/core'
import { useRef, useState, type FormEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { EngineButton } from '../../ui/primitives/change-controls.tsx'
import type { BackupContent, Proof } from '../../../contract/custody/custody.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { notifyDone, ErrorPanel, useCall, useTaskBarProgress } from '../../ui/feedback/feedback.tsx'
import { SecretForm } from '../../ui/forms/secret-form.tsx'
import { RestoreContent } from './restore-content.tsx'
import classes from './settings.module.css'

interface FormProps {
  file: File
  status: EngineStatus
  onAnother: () => void
  onClose: () => void
}

/**
 * The secrets stay in their uncontrolled fields, outside React state, until the restore; closing the dialog
 * removes them.
 */
export function RestoreForm({ file, status, onAnother, onClose }: FormProps) {
  const { t } = useTranslation('settings')
  const client = useClient()
  const call = useCall()
  useTaskBarProgress(call.busy ? 'unknown' : null)
  const passphrase = useRef<HTMLInputElement>(null)
  const recoveryKey = useRef<HTMLInputElement>(null)
  const [content, setContent] = useState<BackupContent | null>(null)
  const given = () => {
    const typed = recoveryKey.current?.value.trim() ?? ''
    const key = typed === '' ? {} : { recoveryKey: typed }
    return { file, passphrase: passphrase.current?.value ?? '', ...key }
  }
  const look = async (event: FormEvent) => {
    event.preventDefault()
    const found = await call.run(() => client.vault.inspectBackup(given()))
    if (found) setContent(found)
  }
  const restore = async (newPassphrase: string, proof: Proof) => {
    const own = newPassphrase === '' ? {} : { newPassphrase }
    const done = await call.run(() => client.vault.restore({ ...given(), ...own, proof }))
    if (!done) return
    notifyDone(
      [t('backup.restored', { protection: done.protection.reason }), ...done.protection.warnings].join(' '),
    )
    onClose()
  }
  return (
    <Stack gap="md">
      <div className={classes.chosen}>
        <strong>{t('backup.chosen', { file: file.name })}</strong>
        <Button variant="subtle" disabled={call.busy} onClick={onAnother}>
          {t('backup.another')}
        </Button>
      </div>
      {/* Hidden rather than unmounted, because its fields are still read. */}
      <form onSubmit={(event) => void look(event)} hidden={content !== null}>
        <Stack gap="md">
          <Opening passphrase={passphrase} recoveryKey={recoveryKey} fixed={call.busy} />
          {call.error && !content ? <ErrorPanel error={call.error} /> : null}
          <EngineButton type="submit" loading={call.busy} className={classes.end}>
            {t('backup.look')}
          </EngineButton>
        </Stack>
      </form>
      {content ? (
        <SecretForm
          asks={content.protector === 'passphrase' ? 'chosen' : 'nothing'}
          label={t('backup.newPassphrase')}
          submitLabel={t('backup.restoreDo')}
          danger
          call={call}
          accepts={content.proofs}
          onSend={(newPassphrase, proof) => void restore(newPassphrase, proof)}
          onClose={onClose}
        >
          <RestoreContent content={content} status={status} />
        </SecretForm>
      ) : null}
    </Stack>
  )
}

function Opening(props: {
  passphrase: RefObject<HTMLInputElement | null>
  recoveryKey: RefObject<HTMLInputElement | null>
  fixed: boolean
}) {
  const { t } = useTranslation('settings')
  return (
    <>
      <PasswordInput
        ref={props.passphrase}
        label={t('backup.passphrase')}
        autoComplete="off"
        readOnly={props.fixed}
        data-autofocus
      />
      <PasswordInput
        ref={props.recoveryKey}
        label={t('backup.recoveryKey')}
        description={t('backup.recoveryKeyText')}
        autoComplete="off"
        spellCheck={false}
        readOnly={props.fixed}
      />
    </>
  )
}
