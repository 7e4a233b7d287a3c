import { Tooltip } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBroadcast,
  IconLoader2,
  IconLock,
  IconLockExclamation,
  IconPlugOff,
  IconVersions,
  IconWifi,
  IconWifiOff,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useConnection, useEngineStatus } from '../connection/engine-context.tsx'
import type { EngineStatus } from '../../contract/engine/engine-status.ts'
import type { Published } from '../../contract/lan/published.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { movedListenerMessage, movedListeners } from '../../domain/moved-listener.ts'
import classes from './top-bar.module.css'

/** Edge status in one line: ports, domains on HTTPS, configuration in effect. */
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
      <NetworkFact published={status.edge.published} />
      <AuthorityFact edge={status.edge} />
      <ConfigurationFact configuration={status.configuration} />
    </>
  )
}

/** Domains that are down take precedence: served domains need no attention. */
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

/** Domains that can be reached from outside of this computer, and those that no longer can; shown while there is one. */
function NetworkFact({ published }: { published: Published[] }) {
  const { t } = useTranslation()
  const namesOf = (some: Published[]) => new Set(some.flatMap(({ domains }) => domains))
  const open = namesOf(published.filter(({ failure }) => failure === null))
  const lost = new Set([...namesOf(published)].filter((name) => !open.has(name)))
  const listed = (names: Set<string>) => ({ names: [...names].map(readableName).join(', ') })
  return (
    <>
      {open.size > 0 ? (
        <WithReason reason={t('edge.networkNames', listed(open))} href="/trust/devices">
          <Fact tone="caution" icon={<IconWifi size={16} stroke={1.7} />}>
            {t('edge.network', { count: open.size })}
          </Fact>
        </WithReason>
      ) : null}
      {lost.size > 0 ? (
        <WithReason reason={t('edge.networkLostNames', listed(lost))} href="/trust/devices">
          <Fact tone="no" icon={<IconWifiOff size={16} stroke={1.7} />}>
            {t('edge.networkLost', { count: lost.size })}
          </Fact>
        </WithReason>
      ) : null}
    </>
  )
}

/** Warning for a root that is not valid yet: clients reject it although every domain is up. */
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
  const moved = movedListeners(edge)
  const ports = [edge.https && `${edge.https.port} (HTTPS)`, edge.http && `${edge.http.port} (HTTP)`]
  const Icon = moved.length > 0 ? IconAlertTriangle : IconBroadcast
  return (
    <WithReason reason={moved.map(movedListenerMessage).join(' ') || null}>
      <Fact tone={moved.length > 0 ? 'caution' : 'accent'} icon={<Icon size={16} stroke={1.7} />}>
        <strong>{t('edge.running', { ports: ports.filter(Boolean).join(' · ') })}</strong>
      </Fact>
    </WithReason>
  )
}

/** Adds a reason as a tooltip, and a link to the page with the details (default: Settings). */
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

/** Shown only while the latest saved configuration is not in effect. */
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
  tone?: 'accent' | 'no' | 'caution'
  /** Hidden in a narrow window. */
  optional?: boolean
  /** Hidden in an even narrower window. */
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
