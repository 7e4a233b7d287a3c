import { Button } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useConnection, useEngineLink } from '../engine/engine-context.tsx'
import classes from './connection-banner.module.css'

/** Says while the engine does not answer; what was known stays on the page. */
export function ConnectionBanner() {
  const { t } = useTranslation()
  const connection = useConnection()
  const { retryNow } = useEngineLink()
  return (
    <div role="status" aria-live="polite">
      {connection === 'lost' ? (
        <div className={classes.banner}>
          <IconPlugConnectedX size={18} stroke={1.7} aria-hidden />
          <span className={classes.text}>{t('connection.lost')}</span>
          <Button variant="default" onClick={retryNow}>
            {t('connection.retry')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
