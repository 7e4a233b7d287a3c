import { Group, Anchor } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { ChangeSwitch, ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { UnlockButton } from '../../../ui/feedback/vault-lock.tsx'
import { changeHttps, resumeHttps, turnHttpsOn, rollBackCertificate } from '../actions.ts'
import { CertificateCard } from './certificate-card.tsx'
import type { SettingsIntent } from './settings/dialog.tsx'
import classes from '../domain-page.module.css'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { ConfirmDialog } from '../../../ui/forms/dialog.tsx'
import { problemsSentence, useSwapProblems } from '../../../ui/certificate/swap-problems.ts'
import { useErasedBySwap } from './certificate-retention.tsx'
import { Link } from 'wouter'
import { OriginText } from '../origins/origin-text.tsx'
import { domainPath, type Part } from '../paths.ts'
import { Note } from '../../../ui/primitives/note.tsx'

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
          <span className="dim">{t('https.offText', { domain: domain.displayName })}</span>
          <ActionButton action={turnHttpsOn} variant="default" flex="none" act={() => onSettings('serve')} />
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
    <Note tone="no" role="alert" className="above-16" style={{ alignItems: 'center' }}>
      <span className="grow">
        {t(`https.outage.${outage}`)}{' '}
        {t(domain.redirect.mode === 'https' ? 'https.outage.redirected' : 'https.outage.plain')}
      </span>
      {outage === 'vault-locked' ? <UnlockButton /> : null}
    </Note>
  )
}

function PausedNote({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const call = useCall()
  const resume = async () => {
    const done = await call.run((client) =>
      client.https.enable({ domain: domain.name, source: { type: 'current' } }),
    )
    if (done) notifyDone(t('https.resumed', { domain: domain.displayName }))
  }
  return (
    <>
      <Note tone="caution" className="above-16" style={{ alignItems: 'center' }}>
        <span className="grow">{t('https.pausedText')}</span>
        <ActionButton action={resumeHttps} variant="default" busy={call.busy} act={() => void resume()} />
      </Note>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </>
  )
}

/** Offers a rollback while the previous certificate is retained. */
function RollbackNote({ domain }: { domain: Domain }) {
  const { t } = useTranslation(['domains', 'ui'])
  const { t: tUi } = useTranslation('ui')
  const call = useCall()
  const [asking, setAsking] = useState(false)
  const previous = domain.https.previousCertificate
  const isNextErased = useErasedBySwap(domain, null).some(({ id }) => id === previous?.id)
  const keeping = useCall()
  const problems = useSwapProblems(domain.name, asking ? { type: 'previous' } : null) ?? []
  if (!previous) return null
  const names = { name: previous.name, domain: domain.displayName }
  const keep = async () => {
    const done = await keeping.run((client) => client.certificates.setKept({ id: previous.id, kept: true }))
    if (done) notifyDone(t('https.rollback.keptDone', names))
  }
  const rollBack = async () => {
    const done = await call.run((client) =>
      client.https.enable({
        domain: domain.name,
        source: { type: 'previous' },
        acceptWorse: problems.length > 0,
      }),
    )
    if (!done) return
    setAsking(false)
    notifyDone(t('https.rollback.done', names))
  }
  return (
    <div>
      <Note className="below-16" style={{ alignItems: 'center' }}>
        <IconHistory size={17} stroke={1.7} aria-hidden />
        <span className="grow">
          {t('https.rollback.text', names)} {isNextErased ? t('https.rollback.erased') : null}
        </span>
        {isNextErased ? (
          <ChangeButton variant="subtle" loading={keeping.busy} onClick={() => void keep()}>
            {t('ui:swap.keep')}
          </ChangeButton>
        ) : null}
        <ActionButton action={rollBackCertificate} variant="default" act={() => setAsking(true)} />
        <ConfirmDialog
          opened={asking}
          title={t('https.rollback.title', names)}
          confirmLabel={problems.length > 0 ? tUi('worse.use') : t('https.rollback.button')}
          call={call}
          tone="plain"
          onConfirm={() => void rollBack()}
          onClose={() => setAsking(false)}
        >
          <p>{t('https.rollback.body', names)}</p>
          {problems.length > 0 ? <p className="no medium">{problemsSentence(problems, tUi)}</p> : null}
        </ConfirmDialog>
      </Note>
      {keeping.error ? <ErrorPanel error={keeping.error} /> : null}
    </div>
  )
}

export function OverviewSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const { origin, redirect, policies } = domain
  const more = policies.origins.backups.length + policies.origins.routes.length
  return (
    <Section title={t('overview.title')}>
      <dl className={classes.overview}>
        <dt>{t('table.origin')}</dt>
        <dd>
          <OriginText origin={origin} />
          {more > 0 ? <span className="dim">{t('overview.more', { count: more })}</span> : null}
        </dd>
        <Change domain={domain} part="origins" label={t('overview.changeOrigin')} />
        <dt>{t('table.redirect')}</dt>
        <dd>
          {t(`redirect.${redirect.mode}`)}
          {redirect.mode === 'none' ? null : <span className="dim"> {redirect.code}</span>}
        </dd>
        <Change domain={domain} part="redirects" label={t('overview.changeRedirect')} />
      </dl>
    </Section>
  )
}

function Change({ domain, part, label }: { domain: Domain; part: Part; label: string }) {
  const { t } = useTranslation('domains')
  return (
    <dd>
      <Anchor component={Link} size="sm" href={domainPath(domain.name, part)} aria-label={label}>
        {t('overview.change')}
      </Anchor>
    </dd>
  )
}
