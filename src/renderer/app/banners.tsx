import { type Icon, IconPlugOff, IconLock, IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, useRef } from 'react'
import classes from './frame.module.css'
import { Button, PasswordInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useEngineLink, useEngineStatus } from '../connection/engine-context.tsx'
import type { EdgekeepError } from '../../contract/errors/registry.ts'
import { HinderedButton, useEnded } from '../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel, useCall } from '../ui/feedback/feedback.tsx'
import { unlockForm } from '../ui/feedback/vault-lock.tsx'
import { Link } from 'wouter'
import { movedListenerMessage, movedListeners } from '../../domain/moved-listener.ts'
import { portConflictMessage } from '../../domain/port-conflict.ts'
import { SubmitForm } from '../ui/forms/dialog.tsx'

interface BannerProps {
  label: string
  icon: Icon
  /** True for an error that needs action by the user. */
  isTrouble: boolean
  title: ReactNode
  lines: string[]
  role?: 'alert'
  children: ReactNode
}

/** Banner above every page for a window-wide state: its reason, what still works, and the way out. */
function Banner({ label, icon: Sign, isTrouble, title, lines, role, children }: BannerProps) {
  return (
    <section className={classes.band} data-trouble={isTrouble} aria-label={label} role={role}>
      <span className={classes.sign} aria-hidden>
        <Sign size={20} stroke={1.7} />
      </span>
      <div className={classes.words}>
        <p className="bold flush pretty">{title}</p>
        {lines.map((line) => (
          <p key={line} className="flush pretty">
            {line}
          </p>
        ))}
      </div>
      {children}
    </section>
  )
}

/** Banner for an engine that failed to start or is unresponsive, with a retry button. */
export function NoEngine() {
  const { t } = useTranslation(['app', 'ui'])
  const { retryNow } = useEngineLink()
  const problem = useEngineStatus((state) => state.problem)
  if (!problem) return null
  const desktop = window.edgekeepDesktop
  const isUnresponsive = problem.code === 'engine.unresponsive'
  const title = t(isUnresponsive ? 'noEngine.unresponsive' : 'noEngine.title')
  return (
    <Banner
      label={title}
      icon={IconPlugOff}
      isTrouble
      title={title}
      lines={[problem.message, t('noEngine.whatWorks')]}
      role="alert"
    >
      <div className="rigid line gap-8">
        {desktop && problem.code !== 'home.unusable' ? (
          <Button variant="default" onClick={() => desktop.showLogs()}>
            {t('ui:error.logs')}
          </Button>
        ) : null}
        <Button onClick={() => (desktop ? desktop.retryEngine() : retryNow())}>
          {t(isUnresponsive ? 'noEngine.restart' : 'ui:again')}
        </Button>
      </div>
    </Banner>
  )
}

/** Banner with the unlock form, above every page while the vault is locked. */
export function LockedVault() {
  const { t } = useTranslation('vault')
  const protection = useEngineStatus((state) => (state.problem ? undefined : state.value?.protection))
  const down = useEngineStatus((state) => state.value?.domains.down ?? 0)
  if (!protection?.locked) return null
  return (
    <Banner
      label={t('title')}
      icon={IconLock}
      isTrouble={down > 0}
      title={protection.lockReason}
      lines={[...(down > 0 ? [t('down', { count: down })] : []), t('whatWorks')]}
    >
      <Unlock asksPassphrase={protection.protector === 'passphrase'} />
    </Banner>
  )
}

/** Omits errors that the banner's title (`vault.locked`) or the field (wrong passphrase) already shows. */
function UnlockFailure({ error }: { error: EdgekeepError }) {
  const { t } = useTranslation('vault')
  if (error.code === 'vault.wrong_passphrase') return null
  if (error.code === 'vault.locked') return <p role="alert">{t('stillLocked')}</p>
  return <ErrorPanel error={error} />
}

/** The passphrase is read from its field on submit and cleared at once. */
function Unlock({ asksPassphrase }: { asksPassphrase: boolean }) {
  const { t } = useTranslation('vault')
  const call = useCall()
  const ended = useEnded()
  const field = useRef<HTMLInputElement>(null)
  const submit = async () => {
    if (ended !== null) return
    const passphrase = field.current?.value ?? ''
    if (field.current) field.current.value = ''
    if (asksPassphrase && passphrase === '') return field.current?.focus()
    const opened = await call.run((client) => client.vault.unlock(asksPassphrase ? { passphrase } : {}))
    if (opened) notifyDone(t('unlocked'))
    else field.current?.focus()
  }
  return (
    <SubmitForm id={unlockForm} className={classes.form} onSubmit={submit}>
      <div className={classes.fields}>
        {asksPassphrase ? (
          <PasswordInput
            ref={field}
            className="fill"
            aria-label={t('passphrase')}
            placeholder={t('passphrase')}
            autoComplete="off"
            readOnly={call.busy}
            error={call.error?.code === 'vault.wrong_passphrase' ? call.error.message : undefined}
          />
        ) : null}
        <HinderedButton hindrance={ended} type="submit" size="sm" loading={call.busy}>
          {t('unlock')}
        </HinderedButton>
      </div>
      {call.error ? <UnlockFailure error={call.error} /> : null}
    </SubmitForm>
  )
}

/** Banner for an edge that is not on its ports, or cannot listen at all, because of another program. */
export function MovedListeners() {
  const { t } = useTranslation(['app', 'ui'])
  const call = useCall()
  const edge = useEngineStatus((state) => (state.problem ? undefined : state.value?.edge))
  if (!edge) return null
  const moved = movedListeners(edge)
  const problem = edge.problem?.code === 'edge.port_taken' ? edge.problem : null
  const lines = problem ? [problem.message] : moved.map(movedListenerMessage)
  if (lines.length === 0) return null
  const isTaken = problem !== null || moved.some((each) => each.isTaken && !each.isForbidden)
  const wasTaken = call.error?.code === 'edge.port_taken'
  const failure = wasTaken ? t('movedListener.still') : call.error?.message
  const remedy = isTaken ? t('movedListener.remedy') : null
  const title = t(isTaken ? 'movedListener.title' : 'movedListener.free')
  const retry = async () => {
    if (await call.run((client) => client.ports.retry())) notifyDone(t('movedListener.done'))
  }
  return (
    <Banner
      label={title}
      icon={IconAlertTriangle}
      isTrouble
      title={title}
      lines={[...lines, (wasTaken && !isTaken ? null : failure) ?? remedy].filter((line) => line !== null)}
      role="alert"
    >
      <Button variant="default" loading={call.busy} onClick={() => void retry()}>
        {t(isTaken ? 'ui:again' : 'movedListener.take')}
      </Button>
    </Banner>
  )
}

/** Banner for a port used by browsers or other programs that another user occupies or occupied. */
export function PortConflicts() {
  const { t } = useTranslation()
  const conflicts = useEngineStatus((state) => state.value?.portConflicts)
  const strangers = conflicts?.filter(({ holder }) => holder.isStranger) ?? []
  if (strangers.length === 0) return null
  return (
    <Banner
      label={t('portConflicts.title')}
      icon={IconAlertTriangle}
      isTrouble
      title={t('portConflicts.title')}
      lines={strangers.map(portConflictMessage)}
      role="alert"
    >
      <Link href="/trust/names">{t('portConflicts.names')}</Link>
    </Banner>
  )
}
