import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine-status.ts'
import { CopyIcon } from '../../ui/copy-icon.tsx'
import { Section } from '../../ui/page-layout.tsx'
import { VerdictRow } from '../../ui/verdict-row.tsx'
import classes from './settings.module.css'

type Edge = EngineStatus['edge']

const command = 'edgekeep up --https-port 8443 --http-port 8080'

export function PortsSection({ edge }: { edge: Edge }) {
  const { t } = useTranslation('settings')
  return (
    <Section title={t('ports.title')} description={t('ports.text')}>
      <Listener label={t('ports.https')} listener={edge.https} />
      <Listener label={t('ports.http')} listener={edge.http} />
      {edge.problem ? <VerdictRow verdict="no" label={edge.problem.message} /> : null}
      <p className={classes.note}>{t('ports.change')}</p>
      <div className={classes.command}>
        <code>{command}</code>
        <CopyIcon value={command} label={t('ports.command')} />
      </div>
    </Section>
  )
}

function Listener({ label, listener }: { label: string; listener: Edge['https'] }) {
  const { t } = useTranslation('settings')
  if (!listener) return <VerdictRow verdict="no" label={label} reason={t('ports.none')} />
  const { port, wantedPort, takenBy, addresses } = listener
  const moved =
    port === wantedPort
      ? null
      : takenBy
        ? t('ports.movedBy', { wanted: wantedPort, owner: takenBy })
        : t('ports.moved', { wanted: wantedPort })
  return (
    <VerdictRow
      verdict={moved ? 'caution' : 'yes'}
      label={label}
      reason={
        <>
          {t('ports.at', { port, addresses: addresses.join(', ') })}
          {moved ? <div>{moved}</div> : null}
        </>
      }
    />
  )
}
