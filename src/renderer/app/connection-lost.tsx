import { Button } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useConnection, useEngineLink } from '../connection/engine-context.tsx'
import classes from './top-bar.module.css'

/** Notice of a lost engine connection with a retry button. Pages keep showing their last known state. */
export function ConnectionLost() {
  const { t } = useTranslation()
  const { retryNow } = useEngineLink()
  const ended = useConnection() === 'ended'
  return (
    <>
      <span className={classes.lostText}>
        <IconPlugConnectedX size={18} stroke={1.7} aria-hidden />
        {t(ended ? 'connection.ended' : 'connection.lost')}
      </span>
      <Button variant="default" flex="none" onClick={retryNow}>
        {t('connection.retry')}
      </Button>
    </>
  )
}
