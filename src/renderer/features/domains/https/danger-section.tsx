import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { ConfirmDialog } from '../../../ui/forms/dialog.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { FoldedSection } from '../../../ui/primitives/page-layout.tsx'
import { pauseHttps, removeDomain, turnHttpsOff } from '../actions.ts'
import classes from '../domain-page.module.css'
import { FateOfCertificates, useKeepCertificates, useCertificateFate } from './certificate-retention.tsx'
import { listPath } from '../paths.ts'

/** Pause, turn off and remove, in order of increasing loss. */
export function DangerSection({ domain, onTurnOff }: { domain: Domain; onTurnOff: () => void }) {
  const { t } = useTranslation('domains')
  const { state } = domain.https
  return (
    <FoldedSection title={t(state === 'off' ? 'danger.titleOff' : 'danger.title')}>
      {state === 'on' ? <Pause domain={domain} /> : null}
      {state === 'off' ? null : (
        <Act text={t('danger.disableText')}>
          <ActionButton action={turnHttpsOff} variant="light" color="red" flex="none" act={onTurnOff} />
        </Act>
      )}
      <Remove domain={domain} />
    </FoldedSection>
  )
}

function Act({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className={classes.act}>
      <span className="dim">{text}</span>
      {children}
    </div>
  )
}

function Pause({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const call = useCall()
  const pause = async () => {
    const done = await call.run((client) => client.https.pause({ domain: domain.name }))
    if (done) notifyDone(t('danger.paused', { domain: domain.displayName }))
  }
  return (
    <>
      <Act text={t('danger.pauseText')}>
        <ActionButton
          action={pauseHttps}
          variant="default"
          flex="none"
          busy={call.busy}
          act={() => void pause()}
        />
      </Act>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </>
  )
}

function Remove({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const call = useCall()
  const [, navigate] = useLocation()
  const [asking, setAsking] = useState(false)
  const fate = useCertificateFate(domain)
  const [keep, setKeep] = useState(false)
  const keepCertificates = useKeepCertificates(domain)
  const remove = async () => {
    const done = await call.run(async (client) => {
      if (keep) await keepCertificates()
      return client.domains.remove({ domain: domain.name })
    })
    if (!done) return
    const parameters = { domain: domain.displayName, names: done.erased.join(', ') }
    notifyDone(t(done.erased.length > 0 ? 'danger.removedErased' : 'danger.removed', parameters))
    navigate(listPath)
  }
  return (
    <Act text={t(domain.https.state === 'off' ? 'danger.removeTextOff' : 'danger.removeText')}>
      <ActionButton
        action={removeDomain}
        variant="light"
        color="red"
        flex="none"
        act={() => setAsking(true)}
      />
      <ConfirmDialog
        opened={asking}
        title={t('danger.removeTitle', { domain: domain.displayName })}
        confirmLabel={t('danger.removeConfirm')}
        call={call}
        onConfirm={() => void remove()}
        onClose={() => setAsking(false)}
      >
        <p>{t('danger.removeBody', { domain: domain.displayName })}</p>
        <FateOfCertificates {...fate} keep={keep} onKeep={setKeep} />
      </ConfirmDialog>
    </Act>
  )
}
