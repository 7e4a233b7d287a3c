import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { useEngineStatus } from '../engine/engine-context.tsx'
import { Mark } from './mark.tsx'
import classes from './rail.module.css'
import { sections } from './sections.ts'

export function Rail() {
  const { t } = useTranslation()
  const [location] = useLocation()
  const down = useEngineStatus((state) => state.value?.domains.down ?? 0)
  return (
    <nav className={classes.rail} aria-label={t('rail.label')}>
      <div className={classes.brand}>
        <Mark />
        <span className={classes.brandName}>Edgekeep</span>
      </div>
      {sections.map(({ id, path, icon: Icon }) => {
        const alarm = id === 'domains' && down > 0 ? t('edge.down', { count: down }) : null
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
