import { Group } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleDotted,
  IconCircleX,
  IconVariable,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ClientTrust, TrustAction, TrustClient, TrustStoreView } from '../../../contract/trust/trust.ts'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import classes from './trust.module.css'

const signs: Record<ClientTrust, typeof IconCircleX> = {
  proven: IconCircleCheckFilled,
  variables: IconVariable,
  trusted: IconCircleDashed,
  refused: IconCircleX,
  missing: IconCircleDotted,
  stale: IconAlertTriangle,
  another: IconAlertTriangle,
  distrusted: IconCircleX,
  unreadable: IconAlertTriangle,
  unmanaged: IconCircleDotted,
}

export function ClientRow(props: {
  client: TrustClient
  stores: TrustStoreView[]
  busy: boolean
  onProve: () => void
  onAsk: (action: TrustAction) => void
}) {
  const { t } = useTranslation('trust')
  const { client, stores, busy, onProve, onAsk } = props
  const { trust: state, sentence } = client
  const Sign = signs[state]
  const hindrance = stores.find(({ obstacle }) => obstacle && obstacle.sentence !== sentence)?.obstacle
  const isInstallable = stores.some((each) => each.state !== 'trusted' && each.state !== 'unmanaged')
  return (
    <li className={classes.row}>
      <Sign size={20} className={classes.sign} data-state={state} aria-hidden />
      <div className={classes.facts}>
        <div className="strong">
          {client.name} <span className={classes.state}>{t(`state.${state}`)}</span>
        </div>
        <div>{sentence}</div>
        {client.proof?.words && state === 'refused' ? (
          <code className="text-xs wrap">{t('row.said', { words: client.proof.words })}</code>
        ) : null}
        {hindrance && state !== 'proven' ? (
          <div>
            {hindrance.sentence}{' '}
            {hindrance.command ? <code>{t('row.run', { command: hindrance.command })}</code> : null}
          </div>
        ) : null}
        {stores.length > 0 ? (
          <div className="dim text-xs wrap">
            {t('row.reads', { places: stores.map(({ location }) => location).join(', ') })}
          </div>
        ) : null}
      </div>
      <Group gap={6} role="group" aria-label={t('row.actions', { name: client.name })} wrap="nowrap">
        {isInstallable && (client.state !== 'trusted' || state === 'variables') ? (
          <ChangeButton size="xs" variant="default" onClick={() => onAsk('install')}>
            {t('row.install')}
          </ChangeButton>
        ) : null}
        {stores.some(({ undoable }) => undoable) ? (
          <ChangeButton size="xs" variant="subtle" onClick={() => onAsk('undo')}>
            {t('names.undo')}
          </ChangeButton>
        ) : null}
        {client.unprovable === null && client.state === 'trusted' ? (
          <ChangeButton size="xs" variant="default" disabled={busy} onClick={onProve}>
            {t('row.prove')}
          </ChangeButton>
        ) : null}
      </Group>
    </li>
  )
}
