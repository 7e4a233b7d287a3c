import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { takenNameSentence } from '../../../domain/certificate-title.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { useFilesToImport } from '../../ui/forms/file-handoff.ts'
import { notifyDone, ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { readinessSentence, readyToImport } from '../../ui/staging/readiness.ts'
import { StagingPanel } from '../../ui/staging/staging-panel.tsx'
import { StagingModal } from '../../ui/staging/staging-modal.tsx'
import { createStagingSession, type StagingSession } from '../../ui/staging/staging-session.ts'
import classes from './certificate-drawer.module.css'
import { certificatePath } from './paths.ts'
import { SubmitForm, CancelButton } from '../../ui/forms/dialog.tsx'

/** Imports a certificate and its key. Files are uploaded when chosen; closing discards them. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['certificates', 'ui'])
  const clear = useFilesToImport((state) => state.clear)
  useEffect(() => {
    if (!opened) clear()
  }, [opened, clear])
  return (
    <StagingModal
      opened={opened}
      onClose={onClose}
      title={t('import.open')}
      size={880}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <ImportForm onClose={onClose} />
    </StagingModal>
  )
}

/** Mounted while the dialog is open; unmounting discards the staged files. */
function ImportForm({ onClose }: { onClose: () => void }) {
  const client = useClient()
  const [session] = useState(() => createStagingSession(client.staging))
  const files = useFilesToImport((state) => state.files)
  useEffect(() => {
    void session.give([...files])
    return () => void session.discard()
  }, [session, files])
  return (
    <>
      <StagingPanel session={session} />
      <ImportFooter session={session} onClose={onClose} />
    </>
  )
}

function ImportFooter({ session, onClose }: { session: StagingSession; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  const { t: tIntake } = useTranslation('intake')
  const [name, setName] = useState('')
  const title = useStore(session.store, (state) => titleOf(state.staged))
  const readiness = useStore(session.store, (state) => readinessSentence(readyToImport(state), tIntake))
  const { call, submit } = useImport(session, name)
  return (
    <SubmitForm className={classes.importDialogFooter} onSubmit={submit}>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <div className="row at-end gap-8">
        <TextInput
          className={classes.importDialogName}
          aria-label={t('import.name')}
          placeholder={title === null ? t('import.name') : t('import.nameOrTitle', { title })}
          size="xs"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <CancelButton onClick={onClose} />
        <ChangeButton
          type="submit"
          disabled={readiness !== null}
          loading={call.busy}
          aria-describedby="import-reason"
        >
          {t('import.save')}
        </ChangeButton>
      </div>
      <div className="dim text-xs pretty" role="status" id="import-reason">
        {readiness ?? t('import.ready')}
      </div>
    </SubmitForm>
  )
}

function useImport(session: StagingSession, name: string) {
  const { t } = useTranslation('certificates')
  const call = useCall()
  const [, navigate] = useLocation()
  const submit = async () => {
    const stagingId = session.store.getState().staged?.stagingId
    if (!stagingId) return
    const trimmed = name.trim()
    const imported = await call.run((client) =>
      client.certificates.import({ stagingId, ...(trimmed === '' ? {} : { name: trimmed }) }),
    )
    if (!imported) return
    session.release()
    const note = takenNameSentence(trimmed, imported.name)
    notifyDone(`${t('import.done', { name: imported.name })} ${note}`.trimEnd())
    navigate(certificatePath(imported.id))
  }
  return { call, submit }
}

function titleOf(staged: ReturnType<StagingSession['store']['getState']>['staged']): string | null {
  const leaf = staged?.report.servable?.leaf
  return staged?.report.pieces.find((piece) => piece.id === leaf)?.certificate?.title ?? null
}
