import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { ChangeSwitch } from '../../../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { UnlockButton } from '../../../ui/feedback/vault-lock.tsx'
import { changeHttps, resumeHttps, turnHttpsOn } from '../actions.ts'
import { CertificateCard } from './certificate-card.tsx'
import type { SettingsIntent } from './settings/dialog.tsx'
import classes from '../domain-page.module.css'
import { RollbackNote } from './rollback-note.tsx'

interface HttpsProps {
  domain: Domain
  onSettings: (intent: SettingsIntent) => void
}

export function HttpsSection({ domain, onSettings }: HttpsProps) {
  const { t } = useTranslation('domains')
  const { certificate, state } = domain.https
  return (
    <Section title={t('https.title')} aside={<Controls domain={domain} onSettings={onSettings} />}>
      <OutageNote domain={domain} />
      {state === 'paused' ? <PausedNote domain={domain} /> : null}
      {certificate ? (
        <>
          <CertificateCard domain={domain} certificate={certificate} />
          <RollbackNote domain={domain} />
        </>
      ) : (
        <div className={classes.off}>
          <span className={classes.dim}>{t('https.offText', { domain: domain.displayName })}</span>
          <ActionButton action={turnHttpsOn} flex="none" act={() => onSettings('serve')} />
        </div>
      )}
    </Section>
  )
}

/** Switch for the stored setting. It opens the settings dialog, which shows requirements and losses. */
function Controls({ domain, onSettings }: HttpsProps) {
  const { t } = useTranslation('domains')
  const on = domain.https.state !== 'off'
  return (
    <Group gap="md" wrap="nowrap">
      {on ? <ActionButton action={changeHttps} variant="default" act={() => onSettings('serve')} /> : null}
      <ChangeSwitch
        aria-label={t('https.switch')}
        checked={domain.https.state === 'on'}
        onChange={() => onSettings(domain.https.state === 'on' ? 'turn-off' : 'serve')}
      />
    </Group>
  )
}

/** Outage notice: its cause, the response that clients get meanwhile, and the remedy. */
function OutageNote({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const { outage } = domain.https
  if (outage === null) return null
  return (
    <div className={classes.note} data-tone="no" role="alert">
      <span className={classes.grow}>
        {t(`https.outage.${outage}`)}{' '}
        {t(domain.redirect.mode === 'https' ? 'https.outage.redirected' : 'https.outage.plain')}
      </span>
      {outage === 'vault-locked' ? <UnlockButton /> : null}
    </div>
  )
}

function PausedNote({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const call = useCall()
  const resume = async () => {
    const done = await call.run(() =>
      client.https.enable({ domain: domain.name, source: { type: 'current' } }),
    )
    if (done) notifyDone(t('https.resumed', { domain: domain.displayName }))
  }
  return (
    <>
      <div className={classes.note} data-tone="caution">
        <span className={classes.grow}>{t('https.pausedText')}</span>
        <ActionButton action={resumeHttps} busy={call.busy} act={() => void resume()} />
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </>
  )
}
