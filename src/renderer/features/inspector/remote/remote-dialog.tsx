import { keyExchange } from '../../../../domain/key-exchange.ts'
import { formatDuration } from '../../../../domain/duration-text.ts'
import { Modal, Stack, TextInput, Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EngineButton } from '../../../ui/primitives/change-controls.tsx'
import { useStore } from 'zustand'
import type { RemoteReport } from '../../../../contract/inspect/remote.ts'
import { ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import type { Inspector } from '../inspector.ts'
import classes from '../inspector.module.css'
import { parseServer } from '../../../../domain/server-address.ts'
import { IconZoomScan } from '@tabler/icons-react'
import { Fact, FactList } from '../../../ui/lists/facts.tsx'
import { PathList } from '../../../ui/certificate/path-list.tsx'
import { ComparisonView } from '../compare/comparison-view.tsx'
import { AlsoFound, Headline } from '../headline.tsx'
import { SubmitForm } from '../../../ui/forms/dialog.tsx'

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
  const submit = async () => {
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
      <SubmitForm className={classes.form} onSubmit={submit}>
        <TextInput
          className="fill"
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
      </SubmitForm>
      <p className="dim flush">{t(given ? 'remote.noteCompared' : 'remote.note')}</p>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      {report ? <RemoteResult report={report} onLook={() => look(report)} /> : null}
    </Stack>
  )
}

function RemoteResult({ report, onLook }: { report: RemoteReport; onLook: () => void }) {
  const { t } = useTranslation('inspector')
  const { diagnosed, handshake, chain, comparison, address, serverName } = report
  return (
    <>
      <div>
        <Headline diagnosis={diagnosed.diagnosis}>
          <Button mt={10} variant="default" leftSection={<IconZoomScan size={15} />} onClick={onLook}>
            {t('remote.look')}
          </Button>
        </Headline>
        <AlsoFound others={diagnosed.others} />
      </div>
      <FactList>
        <Fact term={t('remote.asked')}>
          {serverName === '' ? address : t('remote.for', { address, serverName })}
        </Fact>
        <Fact term={t('remote.handshake')}>
          {[
            handshake.protocol.replace('TLSv', 'TLS '),
            handshake.cipher,
            handshake.group && keyExchange(handshake.group),
            handshake.alpn,
          ]
            .filter(Boolean)
            .join(', ')}{' '}
          · {formatDuration(handshake.tookMs)}
        </Fact>
        <Fact term={t('remote.chain')}>
          <PathList path={chain} />
        </Fact>
      </FactList>
      {comparison ? (
        <section aria-label={t('remote.compared')}>
          <h3 className="text-sm bold flush above-8">{t('remote.compared')}</h3>
          <ComparisonView comparison={comparison} />
        </section>
      ) : null}
    </>
  )
}
