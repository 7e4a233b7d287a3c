import { Modal, Button, PasswordInput, Stack } from '@mantine/core'
import { useState, useRef, type RefObject, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { DropZone } from '../../ui/forms/drop-zone.tsx'
import { EngineButton } from '../../ui/primitives/change-controls.tsx'
import type { BackupContent, Proof } from '../../../contract/custody/custody.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { notifyDone, ErrorPanel, useCall, useTaskBarProgress } from '../../ui/feedback/feedback.tsx'
import { SecretForm } from '../../ui/forms/secret-form.tsx'
import classes from './settings.module.css'
import { absoluteTime } from '../../ui/primitives/time.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { SubmitForm } from '../../ui/forms/dialog.tsx'

interface DialogProps {
  opened: boolean
  status: EngineStatus
  onClose: () => void
}

export function RestoreDialog({ opened, status, onClose }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('backup.restoreTitle')} centered size="md">
      <Steps status={status} onClose={onClose} />
    </Modal>
  )
}

function Steps({ status, onClose }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const [file, setFile] = useState<File | null>(null)
  if (file)
    return <RestoreForm file={file} status={status} onAnother={() => setFile(null)} onClose={onClose} />
  return (
    <DropZone
      label={t('backup.choose')}
      text={t('backup.chooseText')}
      hint={t('backup.chooseHint')}
      single
      onFiles={([chosen]) => setFile(chosen ?? null)}
    />
  )
}

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
function RestoreForm({ file, status, onAnother, onClose }: FormProps) {
  const { t } = useTranslation('settings')
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
  const look = async () => {
    const found = await call.run((client) => client.vault.inspectBackup(given()))
    if (found) setContent(found)
  }
  const restore = async (newPassphrase: string, proof: Proof) => {
    const own = newPassphrase === '' ? {} : { newPassphrase }
    const done = await call.run((client) => client.vault.restore({ ...given(), ...own, proof }))
    if (!done) return
    notifyDone(
      [t('backup.restored', { protection: done.protection.reason }), ...done.protection.warnings].join(' '),
    )
    onClose()
  }
  return (
    <Stack gap="md">
      <div className="wrap row between gap-12">
        <strong>{t('backup.chosen', { file: file.name })}</strong>
        <Button variant="subtle" disabled={call.busy} onClick={onAnother}>
          {t('backup.another')}
        </Button>
      </div>
      {/* Hidden rather than unmounted, because its fields are still read. */}
      <SubmitForm onSubmit={look} hidden={content !== null}>
        <Stack gap="md">
          <Opening passphrase={passphrase} recoveryKey={recoveryKey} fixed={call.busy} />
          {call.error && !content ? <ErrorPanel error={call.error} /> : null}
          <EngineButton type="submit" loading={call.busy} className={classes.end}>
            {t('backup.look')}
          </EngineButton>
        </Stack>
      </SubmitForm>
      {content ? (
        <SecretForm
          asks={content.protector === 'passphrase' ? 'chosen' : 'nothing'}
          label={t('protection.newPassphrase')}
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

/** Content of the backup beside that of the current vault, which is lost. */
function RestoreContent({ content, status }: { content: BackupContent; status: EngineStatus }) {
  const { t, i18n } = useTranslation(['settings', 'domains'])
  const domains = (count: number) => t('domains:table.count', { count })
  const certificates = (count: number) => t('backup.certificates', { count })
  return (
    <>
      <div className={classes.pair}>
        <div>
          <h3 className="heading">{t('backup.holds')}</h3>
          <ul className={classes.list}>
            <li>{domains(content.domains)}</li>
            <li>{certificates(content.certificates)}</li>
            {content.madeAt ? (
              <li>{t('backup.madeAt', { when: absoluteTime(content.madeAt, i18n.language) })}</li>
            ) : null}
          </ul>
        </div>
        <div>
          <h3 className="heading">{t('backup.lost')}</h3>
          <ul className={classes.list}>
            <li>{domains(status.domains.total)}</li>
            <li>{certificates(status.certificates)}</li>
            <li>{t('backup.lostTrail')}</li>
          </ul>
        </div>
      </div>
      <span className="dim">{t('backup.lostText')}</span>
      {content.passphraseOnly ? (
        <VerdictRow verdict="caution" label={t('backup.older')} reason={t('backup.olderText')} />
      ) : null}
      <TrustWarning />
      {content.protector === 'passphrase' ? <span>{t('backup.newPassphraseText')}</span> : null}
    </>
  )
}

/** Warning about stores that trust the current authority, which may differ from the one in the backup. */
function TrustWarning() {
  const { t } = useTranslation('settings')
  const client = useClient()
  const { run, error } = useCall()
  const [stores, setStores] = useState<string[]>([])
  useEffect(() => {
    void run(async () => {
      if ((await client.authority.get()) === null) return []
      const { steps } = await client.trust.plan({ action: 'undo' })
      return steps.map(({ title }) => title)
    }).then((titles) => titles && setStores(titles))
  }, [client, run])
  if (error) return <ErrorPanel error={error} />
  if (stores.length === 0) return null
  return (
    <VerdictRow
      verdict="caution"
      label={t('backup.trusted')}
      reason={t('backup.trustedText', { stores: stores.join(', ') })}
    />
  )
}
