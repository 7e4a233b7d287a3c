import { Button } from '@mantine/core'
import { IconPlugOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useEngineLink, useEngineStatus } from '../connection/engine-context.tsx'
import { Banner } from './banner.tsx'
import classes from './no-engine.module.css'

/** Banner for an engine that failed to start or is unresponsive, with a retry button. */
export function NoEngine() {
  const { t } = useTranslation()
  const { retryNow } = useEngineLink()
  const problem = useEngineStatus((state) => state.problem)
  if (!problem) return null
  const desktop = window.edgekeepDesktop
  const isUnresponsive = problem.code === 'engine.unresponsive'
  const title = t(isUnresponsive ? 'noEngine.unresponsive' : 'noEngine.title')
  return (
    <Banner
      label={title}
      icon={IconPlugOff}
      isTrouble
      title={title}
      lines={[problem.message, t('noEngine.whatWorks')]}
      role="alert"
    >
      <div className={classes.acts}>
        {desktop && problem.code !== 'home.unusable' ? (
          <Button variant="default" onClick={() => desktop.showLogs()}>
            {t('noEngine.logs')}
          </Button>
        ) : null}
        <Button onClick={() => (desktop ? desktop.retryEngine() : retryNow())}>
          {t(isUnresponsive ? 'noEngine.restart' : 'noEngine.retry')}
        </Button>
      </div>
    </Banner>
  )
}
