import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { CertificateSummary } from '../../contract/domains/domains.ts'
import { useCertificates, useEngineStatus } from '../connection/engine-context.tsx'
import icon from '../icon.svg'
import { groupBy } from '../../domain/group-by.ts'
import classes from './rail.module.css'
import { sections, type SectionEntry } from './sections.ts'

export function Rail() {
  const { t } = useTranslation()
  const down = useEngineStatus((state) => state.value?.domains.down ?? 0)
  const notRenewed = useCertificates(({ status, items }) =>
    status === 'filling' ? 0 : items.filter(needsPerson).length,
  )
  const alarms = new Map<string, string>()
  if (down > 0) alarms.set('domains', t('edge.down', { count: down }))
  if (notRenewed > 0) alarms.set('certificates', t('edge.notRenewed', { count: notRenewed }))
  return (
    <nav className={classes.rail} aria-label={t('rail.label')}>
      <div className={classes.brand}>
        <Mark />
        <span className={classes.brandName}>Edgekeep</span>
      </div>
      {[...groupBy(sections, ({ group }) => group)].map(([group, entries]) => (
        <div
          key={group}
          className={classes.group}
          role="group"
          aria-label={t(`rail.groups.${group}`)}
          data-group={group}
        >
          {entries.map((section) => (
            <Entry key={section.id} section={section} alarm={alarms.get(section.id) ?? null} />
          ))}
        </div>
      ))}
    </nav>
  )
}

function Entry({
  section: { id, path, icon: Icon },
  alarm,
}: {
  section: SectionEntry
  alarm: string | null
}) {
  const { t } = useTranslation()
  const [location] = useLocation()
  const name = [t(`sections.${id}`), alarm].filter(Boolean).join(': ')
  const current = location === path || location.startsWith(`${path}/`)
  return (
    <Tooltip label={name} position="right" classNames={{ tooltip: classes.tip }}>
      <Link
        href={path}
        className={classes.entry}
        data-alarm={alarm !== null}
        aria-label={name}
        aria-current={current ? 'page' : undefined}
      >
        <Icon size={19} stroke={1.7} aria-hidden />
        <span className={classes.name}>{t(`sections.${id}`)}</span>
      </Link>
    </Tooltip>
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
