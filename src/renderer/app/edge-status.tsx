import { Tooltip } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBroadcast,
  IconLoader2,
  IconLock,
  IconPlugOff,
  IconVersions,
} from '@tabler/icons-react'
import type { ComponentProps, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection, useEngineStatus } from '../engine/engine-context.tsx'
import type { EngineStatus } from '../../contract/engine-status.ts'
import classes from './top-bar.module.css'

/** What the edge is doing, in one line: ports, domains on HTTPS, the configuration in effect. */
export function EdgeStatus() {
  const { t } = useTranslation()
  const status = useEngineStatus((state) => state.value)
  const connection = useConnection()
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
      <Fact icon={<IconLock size={16} stroke={1.7} />}>
        {t('edge.domains', { count: status.domains.onHttps })}
      </Fact>
      <ConfigurationFact configuration={status.configuration} />
    </>
  )
}

function EdgeFact({ edge }: { edge: EngineStatus['edge'] }) {
  const { t } = useTranslation()
  if (edge.state === 'running') return <ListeningFact edge={edge} />
  const trouble = edge.state === 'failed' || edge.state === 'stopped'
  return (
    <Tooltip label={edge.problem?.message} disabled={!edge.problem} multiline maw={380}>
      <Fact
        tone={trouble ? 'no' : 'caution'}
        icon={trouble ? <IconPlugOff size={16} stroke={1.7} /> : <IconLoader2 size={16} />}
      >
        {t(`edge.${edge.state}`)}
      </Fact>
    </Tooltip>
  )
}

function ListeningFact({ edge }: { edge: EngineStatus['edge'] }) {
  const { t } = useTranslation()
  const moved = [edge.https, edge.http]
    .filter((one) => one !== null)
    .filter((one) => one.port !== one.wantedPort)
  const ports = [edge.https && `${edge.https.port} (HTTPS)`, edge.http && `${edge.http.port} (HTTP)`]
    .filter(Boolean)
    .join(' · ')
  const why = moved.map((one) =>
    one.takenBy
      ? t('edge.movedBy', { wanted: one.wantedPort, port: one.port, owner: one.takenBy })
      : t('edge.moved', { wanted: one.wantedPort, port: one.port }),
  )
  return (
    <Tooltip label={why.join(' ')} disabled={why.length === 0} multiline maw={380}>
      <Fact
        tone={why.length > 0 ? 'caution' : 'accent'}
        icon={
          why.length > 0 ? (
            <IconAlertTriangle size={16} stroke={1.7} />
          ) : (
            <IconBroadcast size={16} stroke={1.7} />
          )
        }
      >
        <strong>{t('edge.running', { ports })}</strong>
      </Fact>
    </Tooltip>
  )
}

function ConfigurationFact({ configuration }: { configuration: EngineStatus['configuration'] }) {
  const { t } = useTranslation()
  const there = configuration.inEffect === configuration.version
  return (
    <Fact optional tone={there ? undefined : 'caution'} icon={<IconVersions size={16} stroke={1.7} />}>
      {there
        ? t('edge.inEffect', { version: configuration.version })
        : t('edge.notYet', { version: configuration.version })}
    </Fact>
  )
}

function Fact({
  icon,
  tone,
  optional = false,
  children,
  className,
  ...rest
}: {
  icon: ReactNode
  tone?: 'accent' | 'no' | 'caution' | undefined
  /** Left out where the window is narrow. */
  optional?: boolean
  children: ReactNode
} & ComponentProps<'span'>) {
  return (
    <span
      {...rest}
      className={`${classes.fact} ${className ?? ''}`}
      data-tone={tone}
      data-optional={optional}
    >
      {icon}
      <span>{children}</span>
    </span>
  )
}
