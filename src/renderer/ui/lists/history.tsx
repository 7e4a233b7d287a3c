import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryEntry } from '../../../contract/domains/history.ts'
import { count } from '../../../contract/text/count.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { useConnection } from '../../connection/engine-context.tsx'
import { RelativeTime } from '../primitives/time.tsx'
import { Shortened } from './shortened.tsx'
import { ErrorPanel, LoadingRows, useCall } from '../feedback/feedback.tsx'
import classes from './lists.module.css'

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
  if (entries.length === 0) return <p className="dim flush">{t('none')}</p>
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
  const known = actor === 'window' || actor === 'command line' || actor === 'agent' || actor === 'engine'
  return (
    <li className={classes.entry}>
      <div className="wrap">{t(`said.${key}`, parameters)}</div>
      <div className="dim text-xs wrap">
        <RelativeTime at={entry.at} /> · {known ? t(`activity:actor.${actor}`) : actor}
      </div>
      {impact && impact.namesLost.length > 0 ? (
        <div className="no text-xs wrap">
          {t('lost', { names: impact.namesLost.map(readableName).join(', ') })}
        </div>
      ) : null}
      {impact && impact.namesGained.length > 0 ? (
        <div className="dim text-xs wrap">
          {t('gained', { names: impact.namesGained.map(readableName).join(', ') })}
        </div>
      ) : null}
      {erased.length > 0 ? (
        <div className="no text-xs wrap">
          {t('erasedWith', { names: erased.map(({ name }) => `“${name}”`).join(', ') })}
        </div>
      ) : null}
    </li>
  )
}

/** Message key of an entry, with its parameters. */
interface HistoryMessage {
  key: HistoryKey
  from: string
  to: string
  domain: string
}

type HistoryKey =
  | 'served'
  | 'swapped'
  | 'paused'
  | 'resumed'
  | 'ended'
  | 'imported'
  | 'renamed'
  | 'annotated'
  | 'kept'
  | 'notKept'
  | 'erased'
  | 'other'

const ofCertificate = new Map<string, HistoryKey>(
  Object.entries({
    'certificate.import': 'imported',
    'certificate.rename': 'renamed',
    'certificate.annotate': 'annotated',
    'certificate.remove': 'erased',
  }),
)

export function historyMessage(entry: HistoryEntry): HistoryMessage {
  const renamed = entry.action === 'certificate.rename'
  return {
    key: keyOf(entry),
    from: renamed ? text(entry.before) : (entry.from?.name ?? ''),
    to: renamed ? text(entry.after) : (entry.to?.name ?? ''),
    domain: domainsText(entry),
  }
}

const mostNames = 3

function domainsText({ action, domains }: HistoryEntry): string {
  if (domains.length === 0) return action
  return domains.length <= mostNames ? domains.map(readableName).join(', ') : count(domains.length, 'domain')
}

function keyOf({ action, domains, from, to, before, after }: HistoryEntry): HistoryKey {
  if (action === 'certificate.keep') return after === true ? 'kept' : 'notKept'
  if (domains.length === 0) return ofCertificate.get(action) ?? 'other'
  if (action === 'https.pause') return 'paused'
  if (from && to && from.fingerprintSha256 !== to.fingerprintSha256) return 'swapped'
  if (from && to) return stateOf(before) === 'paused' ? 'resumed' : 'served'
  return to ? 'served' : 'ended'
}

function text(value: HistoryEntry['before']): string {
  return typeof value === 'string' ? value : ''
}

function stateOf(value: HistoryEntry['before']): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value.state : undefined
}
