import { Modal, Stack, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { EngineButton } from '../../../ui/primitives/change-controls.tsx'
import { useStore } from 'zustand'
import type { RemoteReport } from '../../../../contract/inspect/remote.ts'
import { ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import type { Inspector } from '../inspector.ts'
import { RemoteResult } from './remote-result.tsx'
import classes from './remote.module.css'
import { parseServer } from './server-address.ts'

/** Fetches a server's certificate. The Inspector's only network access, always started by the user. */
export function RemoteDialog(props: { opened: boolean; inspector: Inspector; onClose: () => void }) {
  const { t } = useTranslation('inspector')
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t('remote.title')} size={820}>
      <Asking inspector={props.inspector} onClose={props.onClose} />
    </Modal>
  )
}

function Asking({ inspector, onClose }: { inspector: Inspector; onClose: () => void }) {
  const { t } = useTranslation('inspector')
  const call = useCall()
  const given = useStore(inspector.store, (state) => (state.report?.bundles.length ?? 0) > 0)
  const [address, setAddress] = useState('')
  const [name, setName] = useState('')
  const [report, setReport] = useState<RemoteReport | null>(null)
  const server = parseServer(address)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!server) return
    setReport(null)
    const answer = await call.run(() => inspector.askServer({ ...server, serverName: name.trim() }))
    if (answer) setReport(answer)
  }
  const look = (found: RemoteReport) => {
    void inspector.give([new File([found.pem], `${found.address.replaceAll(/[^\w.-]+/g, '-')}.pem`)])
    onClose()
  }
  return (
    <Stack gap="md">
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          className={classes.address}
          label={t('remote.address')}
          placeholder="shop.test:443"
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          value={address}
          error={address.trim() !== '' && !server ? t('remote.addressWrong') : undefined}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <TextInput
          label={t('remote.name')}
          placeholder={server?.host ?? ''}
          spellCheck={false}
          autoComplete="off"
          value={name}
          maxLength={255}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <EngineButton type="submit" size="sm" disabled={!server} loading={call.busy}>
          {t('remote.ask')}
        </EngineButton>
      </form>
      <p className={classes.note}>{t(given ? 'remote.noteCompared' : 'remote.note')}</p>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      {report ? <RemoteResult report={report} onLook={() => look(report)} /> : null}
    </Stack>
  )
}
