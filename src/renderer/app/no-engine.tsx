import { Button } from '@mantine/core'
import { IconPlugOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useEngineLink, useEngineStatus } from '../engine/engine-context.tsx'
import classes from './no-engine.module.css'

/** Over every page while there is no engine: why, what still works, and another try. */
export function NoEngine() {
  const { t } = useTranslation()
  const { retryNow } = useEngineLink()
  const problem = useEngineStatus((state) => state.problem)
  if (!problem) return null
  const desktop = window.edgekeepDesktop
  return (
    <section className={classes.band} aria-label={t('noEngine.title')} role="alert">
      <span className={classes.sign} aria-hidden>
        <IconPlugOff size={20} stroke={1.7} />
      </span>
      <div className={classes.words}>
        <p className={classes.title}>{t('noEngine.title')}</p>
        <p className={classes.text}>{problem.message}</p>
        <p className={classes.text}>{t('noEngine.whatWorks')}</p>
      </div>
      <div className={classes.acts}>
        {desktop && problem.code !== 'home.unusable' ? (
          <Button variant="default" onClick={() => desktop.showLogs()}>
            {t('noEngine.logs')}
          </Button>
        ) : null}
        <Button onClick={() => (desktop ? desktop.retryEngine() : retryNow())}>{t('noEngine.retry')}</Button>
      </div>
    </section>
  )
}
