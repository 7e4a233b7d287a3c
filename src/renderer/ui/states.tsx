import { Button, Skeleton, Stack } from '@mantine/core'
import { IconAlertCircle, IconFilterOff } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asEdgekeepError } from '../../client/client.ts'
import '../connection/desktop-bridge.ts'
import classes from './states.module.css'

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
    <div className={classes.error} role="alert">
      <IconAlertCircle size={18} stroke={1.8} className={classes.errorIcon} aria-hidden />
      <div className={classes.errorBody}>
        {title ? <div className={classes.errorTitle}>{title}</div> : null}
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
    </div>
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
