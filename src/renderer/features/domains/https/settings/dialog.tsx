import { Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../../contract/domains/domains.ts'
import classes from './dialog.module.css'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useCertificates } from '../../../../connection/engine-context.tsx'
import { ChangeButton } from '../../../../ui/primitives/change-controls.tsx'
import { problemsSentence, useSwapProblems } from '../../../../ui/certificate/swap-problems.ts'
import { ErasedBySwap } from '../../../../ui/certificate/erased-by-swap.tsx'
import { ErrorPanel } from '../../../../ui/feedback/feedback.tsx'
import { readinessSentence, readyToEnable } from '../../../../ui/staging/readiness.ts'
import { useFileDrop } from '../../../../ui/forms/drop-zone.tsx'
import { StagingModal } from '../../../../ui/staging/staging-modal.tsx'
import type { StagingSession } from '../../../../ui/staging/staging-session.ts'
import { useStagingSession } from '../../../../ui/staging/use-staging-session.ts'
import { useCertificateFate, useErasedBySwap } from '../certificate-retention.tsx'
import { decide, initialForm, nextCertificate, previewOf, type Decision, type HttpsForm } from './decision.ts'
import { FreePanel } from './free-panel.tsx'
import { OffPanel, TypeChoice, UploadPanel, OrderProgress } from './panels.tsx'
import { useSave } from './use-save.ts'
import { VaultPanel } from './vault-panel.tsx'
import { CancelButton } from '../../../../ui/forms/dialog.tsx'

/** HTTPS settings of one domain; closed while `intent` is null. */
export function HttpsSettingsDialog(props: {
  domain: Domain
  intent: SettingsIntent | null
  files: readonly File[]
  onClose: () => void
}) {
  const { t } = useTranslation('domains')
  return (
    <StagingModal
      opened={props.intent !== null}
      onClose={props.onClose}
      title={t('settings.title', { domain: props.domain.displayName })}
      closeOnClickOutside={false}
      size={860}
      yOffset="3vh"
      classNames={{ body: classes.modalBody, content: 'column' }}
    >
      {props.intent ? (
        <HttpsSettingsForm
          domain={props.domain}
          files={props.files}
          turnOff={props.intent === 'turn-off'}
          onClose={props.onClose}
        />
      ) : null}
    </StagingModal>
  )
}

export type SettingsIntent = 'serve' | 'turn-off'

/** Mounted while the dialog is open; unmounting discards uploads that were not saved. */
function HttpsSettingsForm(props: {
  domain: Domain
  turnOff: boolean
  /** Files dropped on the domain's page. */
  files: readonly File[]
  onClose: () => void
}) {
  const { domain, onClose } = props
  const { t } = useTranslation('domains')
  const certificates = useCertificates((state) => state.items)
  const session = useStagingSession(domain.name)
  const staging = useStore(session.store)
  const [form, setForm] = useState<HttpsForm>(() => initialForm(domain, certificates, !props.turnOff))
  const { files } = props
  useEffect(() => {
    if (files.length === 0) return
    setForm((current) => ({ ...current, on: true, type: 'upload' }))
    void session.give([...files])
  }, [files, session])
  const stagingId = staging.staged?.stagingId ?? null
  const decision = decide(domain, form, certificates, { stagingId, readiness: readyToEnable(staging) })
  const duplicateOf = staging.staged?.duplicateOf?.id ?? null
  const erased = useErasedBySwap(domain, nextCertificate(decision, domain, duplicateOf))
  const problems = useSwapProblems(domain.name, previewOf(decision))
  const { save, pause, call, orderState } = useSave({ domain, session, onDone: onClose })
  const { clear } = call
  useEffect(() => {
    if (stagingId) clear()
  }, [stagingId, clear])
  // Files dropped anywhere on the dialog select the upload option.
  const { over, handlers } = useFileDrop((files) => {
    setForm((current) => ({ ...current, on: true, type: 'upload' }))
    void session.give(files)
  })
  return (
    <div {...handlers} className={classes.form} data-over={over}>
      <div className={classes.scroll}>
        <Switch
          className={classes.switch}
          label={t('settings.enable', { domain: domain.displayName })}
          description={t('settings.enableText')}
          checked={form.on}
          onChange={(event) => setForm({ ...form, on: event.currentTarget.checked })}
          data-autofocus
        />
        {form.on ? (
          <>
            <TypeChoice value={form.type} onChange={(type) => setForm({ ...form, type })} />
            <TypePanel domain={domain} form={form} onForm={setForm} session={session} />
          </>
        ) : (
          <OffPanel domain={domain} form={form} onForm={setForm} onPause={() => void pause()} />
        )}
        {orderState ? <OrderProgress at={orderState} /> : null}
        {call.error ? <ErrorPanel error={call.error} /> : null}
      </div>
      {erased.length > 0 ? (
        <div className={classes.erased}>
          <ErasedBySwap
            names={erased.map(({ name }) => name)}
            keep={form.keepOld}
            onKeep={(keepOld) => setForm({ ...form, keepOld })}
          />
        </div>
      ) : null}
      <Footer
        domain={domain}
        decision={decision}
        problems={problems}
        busy={call.busy}
        onCancel={onClose}
        onSave={() =>
          void save(decision, { keepOld: form.keepOld, acceptWorse: (problems?.length ?? 0) > 0 })
        }
      />
    </div>
  )
}

function TypePanel(props: {
  domain: Domain
  form: HttpsForm
  onForm: (form: HttpsForm) => void
  session: StagingSession
}) {
  const { domain, form, onForm } = props
  if (form.type === 'free') return <FreePanel domain={domain} form={form} onForm={onForm} />
  if (form.type === 'upload') return <UploadPanel form={form} onForm={onForm} session={props.session} />
  return (
    <VaultPanel
      domain={domain}
      value={form.certificateId}
      onChange={(certificateId) => onForm({ ...form, certificateId })}
    />
  )
}

/** Save button, with the reason while it is disabled. */
function Footer(props: {
  domain: Domain
  decision: Decision
  /** Null until the engine has judged the certificate. */
  problems: string[] | null
  busy: boolean
  onCancel: () => void
  onSave: () => void
}) {
  const { t } = useTranslation('domains')
  const { t: intake } = useTranslation('intake')
  const { t: ui } = useTranslation('ui')
  const { decision, domain, problems } = props
  const isWorse = problems !== null && problems.length > 0
  const erases = useCertificateFate(domain).erased.length > 0
  const label = {
    none: t('settings.save'),
    order: t('settings.saveOrder'),
    enable: t(domain.https.state === 'on' ? 'settings.saveSwap' : 'settings.save'),
    disable: t(erases ? 'settings.turnOff' : 'settings.turnOffKept'),
  }[decision.act]
  const reason =
    decision.act !== 'none'
      ? problemsSentence(problems ?? [], ui)
      : decision.why === 'upload'
        ? readinessSentence(decision.readiness, intake)
        : t(`settings.why.${decision.why}`)
  return (
    <div className={classes.footer}>
      <div className={isWorse ? 'no wrap grow' : 'dim wrap grow'} role="status" id="https-settings-reason">
        {reason}
      </div>
      <CancelButton onClick={props.onCancel} size="sm" />
      <ChangeButton
        size="sm"
        color={decision.act === 'disable' || isWorse ? 'red' : undefined}
        disabled={decision.act === 'none' || problems === null}
        aria-describedby="https-settings-reason"
        loading={props.busy}
        onClick={props.onSave}
      >
        {isWorse ? ui('worse.use') : label}
      </ChangeButton>
    </div>
  )
}
