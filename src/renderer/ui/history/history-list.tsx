import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryEntry } from '../../../contract/domains/history.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { useConnection } from '../../connection/engine-context.tsx'
import { RelativeTime } from '../relative-time.tsx'
import { Shortened } from '../staging/shortened.tsx'
import { ErrorPanel, LoadingRows } from '../states.tsx'
import { useCall } from '../use-call.ts'
import classes from './history.module.css'
import { historyMessage } from './history-message.ts'

/**
 * Audit history, newest first, loaded when shown and whenever `asOf` changes. `load` must stay the same
 * function for the same history.
 */
export function HistoryList({ load, asOf }: { load: () => Promise<HistoryEntry[]>; asOf: string }) {
  const { t } = useTranslation('history')
  const connected = useConnection() === 'connected'
  const { run, error } = useCall()
  const [entries, setEntries] = useState<HistoryEntry[] | null>(null)
  useEffect(() => {
    let current = true
    if (connected) {
      void run(load).then((answer) => {
        if (current && answer) setEntries(answer)
      })
    }
    return () => {
      current = false
    }
  }, [run, load, asOf, connected])
  if (error) return <ErrorPanel error={error} />
  if (!entries) return <LoadingRows rows={3} height={30} />
  if (entries.length === 0) return <p className={classes.none}>{t('none')}</p>
  return (
    <ol className={classes.list} aria-label={t('label')}>
      <Shortened items={entries}>{(entry) => <Entry key={entry.sequence} entry={entry} />}</Shortened>
    </ol>
  )
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation(['history', 'activity'])
  const { key, ...parameters } = historyMessage(entry)
  const { actor, impact, erased } = entry
  const known = actor === 'window' || actor === 'command line' || actor === 'engine'
  return (
    <li className={classes.entry}>
      <div className={classes.said}>{t(`said.${key}`, parameters)}</div>
      <div className={classes.when}>
        <RelativeTime at={entry.at} /> · {known ? t(`activity:actor.${actor}`) : actor}
      </div>
      {impact && impact.namesLost.length > 0 ? (
        <div className={classes.lost}>
          {t('lost', { names: impact.namesLost.map(readableName).join(', ') })}
        </div>
      ) : null}
      {impact && impact.namesGained.length > 0 ? (
        <div className={classes.when}>
          {t('gained', { names: impact.namesGained.map(readableName).join(', ') })}
        </div>
      ) : null}
      {erased.length > 0 ? (
        <div className={classes.lost}>
          {t('erasedWith', { names: erased.map(({ name }) => `“${name}”`).join(', ') })}
        </div>
      ) : null}
    </li>
  )
}
