import { useTranslation } from 'react-i18next'
import type { AskedServer } from '../../../../../contract/errors/asked-server.ts'
import type { AcmeOrderState } from '../../../../../contract/acme/acme.ts'
import classes from './dialog.module.css'

export function OrderProgress({ at }: { at: AcmeOrderState }) {
  const { t } = useTranslation('domains')
  const name = at.name ?? ''
  const late = at.servers?.filter(({ state }) => state !== 'found')
  return (
    <div className={classes.orderState} role="status">
      {at.servers && late
        ? t('settings.order.propagated', {
            name,
            count: at.servers.length,
            found: at.servers.length - late.length,
          })
        : t(`settings.order.${at.state}`, { name })}
      {late && late.length > 0 ? <LateServers servers={late} /> : null}
    </div>
  )
}

function LateServers({ servers }: { servers: AskedServer[] }) {
  const { t } = useTranslation('domains')
  return (
    <ul className={classes.lateServers}>
      {servers.map((server) => (
        <li key={server.server}>
          {t(`settings.order.server.${server.says === '' ? 'none' : server.state}`, { ...server })}
        </li>
      ))}
    </ul>
  )
}
