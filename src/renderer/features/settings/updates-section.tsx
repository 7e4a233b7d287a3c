import { Button, Progress } from '@mantine/core'
import { IconAlertCircle, IconCircleCheck, IconDownload, IconRefresh } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type Release,
  type UpdatePhase,
  type UpdateState,
  updateStateSchema,
} from '../../../contract/engine/updates.ts'
import type { DesktopBridge } from '../../connection/desktop-bridge.ts'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { RelativeTime } from '../../ui/primitives/time.tsx'
import classes from './settings.module.css'

/** Updates of the desktop app, checked on request. Not shown in a browser. */
export function UpdatesSection() {
  const desktop = window.edgekeepDesktop
  return desktop ? <Updates desktop={desktop} /> : null
}

function Updates({ desktop }: { desktop: DesktopBridge }) {
  const { t } = useTranslation('settings')
  const state = useUpdates(desktop)
  return (
    <Section
      title={t('updates.title')}
      description={t('updates.text')}
      aside={state?.canCheck ? <CheckButton phase={state.phase} desktop={desktop} /> : null}
    >
      {state ? <UpdateStatus state={state} desktop={desktop} /> : null}
    </Section>
  )
}

function CheckButton({ phase, desktop }: { phase: UpdatePhase; desktop: DesktopBridge }) {
  const { t } = useTranslation('settings')
  if (phase.name === 'downloading' || phase.name === 'ready') return null
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={15} />}
      loading={phase.name === 'checking'}
      onClick={() => desktop.checkForUpdates()}
    >
      {t('updates.check')}
    </Button>
  )
}

function UpdateStatus({
  state: { current, canCheck, phase },
  desktop,
}: {
  state: UpdateState
  desktop: DesktopBridge
}) {
  const { t } = useTranslation('settings')
  const version = t('updates.current', { version: current })
  if (!canCheck) return <Line>{`${version} ${t('updates.none')}`}</Line>
  switch (phase.name) {
    case 'idle':
      return <Line>{version}</Line>
    case 'checking':
      return <Line>{t('updates.checking')}</Line>
    case 'latest':
      return (
        <Line icon={<IconCircleCheck size={18} stroke={1.7} className="accent" aria-hidden />}>
          {version} {t('updates.latest')} <RelativeTime at={phase.checkedAt} />
        </Line>
      )
    case 'failed':
      return (
        <Line icon={<IconAlertCircle size={18} stroke={1.7} className="no" aria-hidden />}>
          {phase.message}
        </Line>
      )
    case 'available':
      return (
        <NewRelease release={phase.release}>
          {phase.release.sizeBytes === null ? (
            <p className="flush pretty">{t('updates.byHand')}</p>
          ) : (
            <Button
              leftSection={<IconDownload size={15} />}
              onClick={() => desktop.downloadUpdate()}
              className={classes.act}
            >
              {t('updates.download', { size: megabytes(phase.release.sizeBytes) })}
            </Button>
          )}
        </NewRelease>
      )
    case 'downloading':
      return (
        <NewRelease release={phase.release}>
          <Downloading
            received={phase.receivedBytes}
            total={phase.release.sizeBytes ?? 0}
            desktop={desktop}
          />
        </NewRelease>
      )
    case 'ready':
      return (
        <NewRelease release={phase.release}>
          <p className="flush pretty">{t('updates.ready')}</p>
          <Button onClick={() => desktop.restartToUpdate()} className={classes.act}>
            {t('updates.restart')}
          </Button>
        </NewRelease>
      )
  }
}

function Line({ icon, children }: { icon?: ReactNode; children: ReactNode }) {
  return (
    <p className={classes.line} role="status">
      {icon}
      <span>{children}</span>
    </p>
  )
}

function NewRelease({ release, children }: { release: Release; children: ReactNode }) {
  const { t } = useTranslation('settings')
  return (
    <div className="stack gap-12">
      <p className="bold flush" role="status">
        {t('updates.available', { version: release.version })}{' '}
        <span className="dim light">
          {t('updates.released')} <RelativeTime at={release.releasedAt} />
        </span>
      </p>
      {release.listExpiredAt === null ? null : (
        <Line icon={<IconAlertCircle size={18} stroke={1.7} className="no" aria-hidden />}>
          {t('updates.listExpired')}
        </Line>
      )}
      <div className={classes.notes} role="note" aria-label={t('updates.notes')}>
        {release.notes}
      </div>
      {children}
    </div>
  )
}

function Downloading(props: { received: number; total: number; desktop: DesktopBridge }) {
  const { t } = useTranslation(['settings', 'ui'])
  const { received, total, desktop } = props
  const percent = total > 0 ? Math.floor((received / total) * 100) : 0
  return (
    <div className={classes.downloading}>
      <Progress value={percent} className={classes.bar} aria-label={t('updates.progress')} />
      <span className="dim numbers">
        {t('updates.received', { received: megabytes(received), total: megabytes(total) })}
      </span>
      <Button variant="default" onClick={() => desktop.cancelUpdate()}>
        {t('ui:confirm.cancel')}
      </Button>
    </div>
  )
}

/** `104.2 MB` */
function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

/** Update state of the desktop app; null until received. */
function useUpdates(desktop: DesktopBridge): UpdateState | null {
  const [state, setState] = useState<UpdateState | null>(null)
  useEffect(() => {
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
      const message = updateStateSchema.safeParse(
        (event.data as { edgekeepUpdates?: unknown }).edgekeepUpdates,
      )
      if (message.success) setState(message.data)
    }
    window.addEventListener('message', onMessage)
    desktop.lookAtUpdates()
    return () => window.removeEventListener('message', onMessage)
  }, [desktop])
  return state
}
