import '../../connection/desktop-bridge.ts'
import { Button, Skeleton, Stack } from '@mantine/core'
import { IconAlertCircle, IconFilterOff } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import { useClient } from '../../connection/engine-context.tsx'
import classes from './feedback.module.css'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import { notifications, type NotificationData } from '@mantine/notifications'
import { Note } from '../primitives/note.tsx'

/** Placeholder for an empty page: the first step, with one button. */
export function EmptyState(props: { icon: ReactNode; title: string; text: string; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <div className={classes.emptyIcon} aria-hidden>
        {props.icon}
      </div>
      <h2 className={classes.emptyTitle}>{props.title}</h2>
      <p className={classes.emptyText}>{props.text}</p>
      {props.action ? <div className={classes.emptyAction}>{props.action}</div> : null}
    </div>
  )
}

/** Placeholder for a list whose filter excludes everything. */
export function NothingPasses(props: {
  title: string
  text: string
  clear: { label: string; run: () => void }
}) {
  return (
    <EmptyState
      icon={<IconFilterOff size={26} stroke={1.5} />}
      title={props.title}
      text={props.text}
      action={
        <Button variant="default" onClick={props.clear.run}>
          {props.clear.label}
        </Button>
      }
    />
  )
}

const skeletonAfterMs = 300

/** Renders `children` (skeletons) after a wait of 300 ms, to avoid flicker. */
function SlowOnly({ children }: { children: ReactNode }) {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), skeletonAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return slow ? children : null
}

export function LoadingRows({ rows = 5, height = 36 }: { rows?: number; height?: number }) {
  const { t } = useTranslation('ui')
  return (
    <div aria-busy="true" aria-label={t('loading')} role="status">
      <SlowOnly>
        <Stack gap={8}>
          {Array.from({ length: rows }, (_, row) => (
            <Skeleton key={row} height={height} radius="md" className={classes.skeleton} />
          ))}
        </Stack>
      </SlowOnly>
    </div>
  )
}

/**
 * Error message with its next step (from the error registry), an action button if there is one, and the
 * folded error code for bug reports.
 */
export function ErrorPanel({
  error,
  title,
  action,
}: {
  error: unknown
  title?: string
  action?: { label: string; run: () => void }
}) {
  const { t } = useTranslation('ui')
  const known = asEdgekeepError(error)
  const desktop = window.edgekeepDesktop
  return (
    <Note tone="no" role="alert">
      <IconAlertCircle size={18} stroke={1.8} aria-hidden />
      <div className="wrap grow">
        {title ? <div className="strong">{title}</div> : null}
        <div>{known.message}</div>
        <FoldedDetails summary={t('error.details')}>{known.code}</FoldedDetails>
      </div>
      {known.code === 'engine.failed' && desktop ? (
        <Button variant="default" onClick={() => desktop.showLogs()}>
          {t('error.logs')}
        </Button>
      ) : null}
      {action ? (
        <Button variant="default" onClick={action.run}>
          {action.label}
        </Button>
      ) : null}
    </Note>
  )
}

/** Collapsed details for bug reports. */
export function FoldedDetails({ summary, children }: { summary: string; children: string }) {
  return (
    <details className={classes.details}>
      <summary>{summary}</summary>
      <code>{children}</code>
    </details>
  )
}

export interface Call {
  busy: boolean
  error: EdgekeepError | null
  /** Runs `act` and resolves with its value, or with undefined after storing its failure in `error`. */
  run<T>(act: (client: Client) => Promise<T>): Promise<T | undefined>
  clear(): void
}

const idle = { busy: false, error: null }

/** One engine call at a time, with its busy and error state. */
export function useCall(): Call {
  const client = useClient()
  const [state, setState] = useState<Pick<Call, 'busy' | 'error'>>(idle)
  const run = useCallback(
    async <T,>(act: (client: Client) => Promise<T>): Promise<T | undefined> => {
      setState({ busy: true, error: null })
      try {
        const value = await act(client)
        setState(idle)
        return value
      } catch (error) {
        setState({ busy: false, error: asEdgekeepError(error) })
        return undefined
      }
    },
    [client],
  )
  const clear = useCallback(() => setState(idle), [])
  return { ...state, run, clear }
}

/** Brief success notification that replaces the one before. With `next` it has a button and stays longer. */
export function notifyDone(message: string, next?: { label: string; act: () => void }): void {
  if (!next) return inPlaceOf('done', { message, autoClose: readingMs(message) })
  const button = (
    <Button variant="default" size="compact-sm" mt={6} onClick={next.act}>
      {next.label}
    </Button>
  )
  inPlaceOf('done', { title: message, message: button, styles, autoClose: 3 * readingMs(message) })
}

/** The library dims the text below a title too much for readable contrast. */
const styles = { description: { color: 'var(--mantine-color-text)' } }

/** Error notification that stays until it is closed. */
export function notifyRefused(title: string, message: string): void {
  notifications.show({ title, message, color: 'red', autoClose: false, withBorder: true, styles })
}

/** Error notification for a call whose place shows no error of its own. */
export function notifyFailed(title: string, error: unknown): void {
  notifyRefused(title, asEdgekeepError(error).message)
}

/** One line about a change to who can open the vault. Replaces the previous one of the same kind. */
export function notifyOfVault({
  kind,
  message,
  alarm,
}: {
  kind: string
  message: string
  alarm: boolean
}): void {
  // Stays open if the window is not in view.
  const isSeen = document.visibilityState === 'visible' && document.hasFocus()
  inPlaceOf(`vault-${kind}`, {
    message,
    ...(alarm ? { color: 'red' } : {}),
    autoClose: isSeen && !alarm ? readingMs(message) : false,
  })
}

/** Id of the latest notification per kind. */
const shown = new Map<string, string>()

/** A fresh id each time: with the same id, the library keeps the timeout of the previous notification. */
function inPlaceOf(kind: string, notice: NotificationData): void {
  const before = shown.get(kind)
  if (before) notifications.hide(before)
  shown.set(kind, notifications.show({ withBorder: true, ...notice }))
}

/** 2 s to notice it, plus reading time at 15 characters per second (subtitle speed). */
function readingMs(text: string): number {
  return 2_000 + (text.length * 1_000) / 15
}

const slowAfterMs = 300

/** True once `busy` has lasted long enough to show an indicator without flicker. */
export function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!busy) return
    const timer = setTimeout(() => setSlow(true), slowAfterMs)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [busy])
  return busy && slow
}

/**
 * Shows the progress of long work on the task bar or dock of the desktop app: 0 to 1, `unknown`, or null for
 * none.
 */
export function useTaskBarProgress(progress: number | 'unknown' | null): void {
  useEffect(() => window.edgekeepDesktop?.showProgress(progress), [progress])
  useEffect(() => () => window.edgekeepDesktop?.showProgress(null), [])
}
