import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { CertificateSummary } from '../../contract/domains/domains.ts'
import { useCertificates, useEngineStatus } from '../connection/engine-context.tsx'
import icon from '../icon.svg'
import classes from './rail.module.css'
import { sections } from './sections.ts'

export function Rail() {
  const { t } = useTranslation()
  const [location] = useLocation()
  const down = useEngineStatus((state) => state.value?.domains.down ?? 0)
  const notRenewed = useCertificates((state) => state.items.filter(needsPerson).length)
  const alarms = new Map<string, string>()
  if (down > 0) alarms.set('domains', t('edge.down', { count: down }))
  if (notRenewed > 0) alarms.set('certificates', t('edge.notRenewed', { count: notRenewed }))
  return (
    <nav className={classes.rail} aria-label={t('rail.label')}>
      <div className={classes.brand}>
        <Mark />
        <span className={classes.brandName}>Edgekeep</span>
      </div>
      {sections.map(({ id, path, icon: Icon }) => {
        const alarm = alarms.get(id) ?? null
        const name = [t(`sections.${id}`), alarm].filter(Boolean).join(': ')
        const current = location === path || location.startsWith(`${path}/`)
        return (
          <Tooltip key={id} label={name} position="right" classNames={{ tooltip: classes.tip }}>
            <Link
              href={path}
              className={classes.entry}
              data-section={id}
              data-alarm={alarm !== null}
              aria-label={name}
              aria-current={current ? 'page' : undefined}
            >
              <Icon size={19} stroke={1.7} aria-hidden />
              <span className={classes.name}>{t(`sections.${id}`)}</span>
            </Link>
          </Tooltip>
        )
      })}
    </nav>
  )
}

/** True if the renewal has failed or waits for a decision or an unlocked vault. */
function needsPerson({ renewal }: CertificateSummary): boolean {
  return renewal !== null && (renewal.failure !== null || renewal.held !== null || renewal.waitsForVault)
}

/** Product logo: a keep with a lock in its gate. */
function Mark({ size = 26 }: { size?: number }) {
  return <img src={icon} width={size} height={size} alt="" />
}
