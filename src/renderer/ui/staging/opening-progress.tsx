import { Button, Progress } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../connection/engine-context.tsx'
import { useTaskBarProgress } from '../use-task-bar-progress.ts'
import classes from './staging.module.css'

/** Progress of decrypting a key, from the engine's first report. Most keys open without one. */
export function OpeningProgress({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation('intake')
  const client = useClient()
  const [done, setDone] = useState<number | null>(null)
  useTaskBarProgress(done)

  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    void (async () => {
      for await (const opening of await client.inspect.openings(undefined, { signal })) setDone(opening.done)
      // An ended stream keeps the last value; the call itself reports the result.
    })().catch(() => undefined)
    return () => ending.abort()
  }, [client])

  if (done === null) return null
  return (
    <div className={classes.opening}>
      <div className={classes.openingWords} role="status">
        {t('passphrase.deriving')}
      </div>
      <Progress value={Math.round(done * 100)} size="sm" aria-label={t('passphrase.progress')} />
      <Button size="compact-xs" variant="subtle" onClick={onCancel}>
        {t('passphrase.cancel')}
      </Button>
    </div>
  )
}
