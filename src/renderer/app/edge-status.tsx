import { Tooltip } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBroadcast,
  IconLoader2,
  IconLock,
  IconLockExclamation,
  IconPlugOff,
  IconVersions,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useConnection, useEngineStatus } from '../connection/engine-context.tsx'
import type { EngineStatus } from '../../contract/engine-status.ts'
import classes from './top-bar.module.css'

/** What the edge is doing, in one line: ports, domains on HTTPS, the configuration in effect. */
export function EdgeStatus() {
  const { t } = useTranslation()
  const status = useEngineStatus((state) => state.value)
  const problem = useEngineStatus((state) => state.problem)
  const connection = useConnection()
  if (problem) {
    return (
      <Fact tone="no" icon={<IconPlugOff size={16} stroke={1.7} />}>
        {t(problem.code === 'engine.unresponsive' ? 'noEngine.unresponsive' : 'edge.stopped')}
      </Fact>
    )
  }
  if (!status) {
    return (
      <Fact icon={<IconLoader2 size={16} />}>
        {t(connection === 'connected' ? 'edge.waiting' : 'connection.connecting')}
      </Fact>
    )
  }
  return (
    <>
      <EdgeFact edge={status.edge} />
      <DomainsFact status={status} />
      <AuthorityFact edge={status.edge} />
      <ConfigurationFact configuration={status.configuration} />
    </>
  )
}

/** Those that are down come first: one that is served needs no attention. */
function DomainsFact({ status: { domains, edge } }: { status: EngineStatus }) {
  const { t } = useTranslation()
  if (domains.down === 0) {
    return (
      <Fact secondary icon={<IconLock size={16} stroke={1.7} />}>
        {t('edge.domains', { count: domains.onHttps })}
      </Fact>
    )
  }
  return (
    <WithReason reason={edge.problem?.message ?? null} href="/domains">
      <Fact tone="no" icon={<IconLockExclamation size={16} stroke={1.7} />}>
        {t('edge.down', { count: domains.down })}
      </Fact>
    </WithReason>
  )
}

/** A root from the future: clients refuse what is served, though every domain is up. */
function AuthorityFact({ edge: { problem } }: { edge: EngineStatus['edge'] }) {
  const { t } = useTranslation()
  if (problem?.code !== 'authority.not_yet_valid') return null
  return (
    <WithReason reason={problem.message} href="/trust">
      <Fact tone="no" icon={<IconAlertTriangle size={16} stroke={1.7} />}>
        {t('edge.authorityNotYetValid')}
      </Fact>
    </WithReason>
  )
}

function EdgeFact({ edge }: { edge: EngineStatus['edge'] }) {
  const { t } = useTranslation()
  if (edge.state === 'running') return <ListeningFact edge={edge} />
  const trouble = edge.state === 'failed' || edge.state === 'stopped'
  return (
    <WithReason reason={edge.problem?.message ?? null}>
      <Fact
        tone={trouble ? 'no' : 'caution'}
        icon={trouble ? <IconPlugOff size={16} stroke={1.7} /> : <IconLoader2 size={16} />}
      >
        {t(`edge.${edge.state}`)}
      </Fact>
    </WithReason>
  )
}

function ListeningFact({ edge }: { edge: EngineStatus['edge'] }) {
  const { t } = useTranslation()
  const listeners = [edge.https, edge.http].filter((one) => one !== null)
  const moved = listeners.filter((one) => one.port !== one.wantedPort)
  const ports = [edge.https && `${edge.https.port} (HTTPS)`, edge.http && `${edge.http.port} (HTTP)`]
  const why = moved.map((one) =>
    one.takenBy
      ? t('edge.movedBy', { wanted: one.wantedPort, port: one.port, owner: one.takenBy })
      : t('edge.moved', { wanted: one.wantedPort, port: one.port }),
  )
  const Icon = moved.length > 0 ? IconAlertTriangle : IconBroadcast
  return (
    <WithReason reason={why.join(' ') || null}>
      <Fact tone={moved.length > 0 ? 'caution' : 'accent'} icon={<Icon size={16} stroke={1.7} />}>
        <strong>{t('edge.running', { ports: ports.filter(Boolean).join(' · ') })}</strong>
      </Fact>
    </WithReason>
  )
}

/** With a reason, a fact leads to where more is said of it (Settings), and says it on hover and focus. */
function WithReason(props: { reason: string | null; href?: string; children: ReactNode }) {
  const { reason, href = '/settings', children } = props
  if (reason === null) return children
  return (
    <Tooltip label={reason} multiline maw={380}>
      <Link href={href} className={classes.factLink}>
        {children}
      </Link>
    </Tooltip>
  )
}

/** Only while the edge does not serve what was saved last. */
function ConfigurationFact({ configuration }: { configuration: EngineStatus['configuration'] }) {
  const { t } = useTranslation()
  if (configuration.inEffect === configuration.version) return null
  return (
    <Fact optional tone="caution" icon={<IconVersions size={16} stroke={1.7} />}>
      {t('edge.notYet', { version: configuration.version })}
    </Fact>
  )
}

function Fact(props: {
  icon: ReactNode
  tone?: 'accent' | 'no' | 'caution' | undefined
  /** Left out where the window is narrow. */
  optional?: boolean
  /** Left out where it is narrower still. */
  secondary?: boolean
  children: ReactNode
}) {
  return (
    <span
      className={classes.fact}
      data-tone={props.tone}
      data-optional={props.optional ?? false}
      data-secondary={props.secondary ?? false}
    >
      {props.icon}
      <span>{props.children}</span>
    </span>
  )
}
