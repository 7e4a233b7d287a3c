import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { keyExchange } from '../../../../domain/key-exchange.ts'
import type { Watch, WatchResult } from '../../../../contract/watch/watch.ts'
import { type Verdict, VerdictIcon } from '../../../ui/feedback/verdict.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { intervalText } from './interval-text.ts'
import { addressOf } from './use-watches.ts'
import classes from './watch.module.css'

const verdicts = { ok: 'yes', fault: 'no', offline: 'unknown' } as const satisfies Record<
  WatchResult['state'],
  Verdict
>

export function WatchRow(props: {
  watch: Watch
  busy: boolean
  disabled: boolean
  onCheck: () => void
  onRemove: () => void
}) {
  const { t } = useTranslation('watch')
  const { watch, busy, disabled, onCheck, onRemove } = props
  const { last, history, everyMinutes } = watch
  return (
    <li className={classes.row}>
      <VerdictIcon verdict={last ? verdicts[last.state] : 'unknown'} size={20} />
      <div className="grow">
        <div className="strong wrap">
          {addressOf(watch)}{' '}
          <span className="dim light">{t(last ? `state.${last.state}` : 'state.pending')}</span>
        </div>
        {last ? <Facts result={last} /> : null}
        {last?.faults.map(({ kind, sentence }) => (
          <div key={`${kind} ${sentence}`} className="no wrap">
            {sentence}
          </div>
        ))}
        <div className="dim text-xs">
          {t('every', { every: intervalText(everyMinutes, t) })}
          {last ? (
            <>
              {' · '}
              {t('asked')} <RelativeTime at={last.at} />
            </>
          ) : null}
        </div>
        {history.length > 1 ? <History history={history} /> : null}
      </div>
      <Group gap={6} wrap="nowrap" className="rigid">
        <ChangeButton
          size="compact-xs"
          variant="default"
          loading={busy}
          disabled={disabled}
          onClick={onCheck}
        >
          {t('check.one')}
        </ChangeButton>
        <ChangeButton size="compact-xs" variant="default" disabled={disabled} onClick={onRemove}>
          {t('remove.open')}
        </ChangeButton>
      </Group>
    </li>
  )
}

function Facts({
  result: { certificate, inVault, protocol, group, hsts, addresses },
}: {
  result: WatchResult
}) {
  const { t } = useTranslation('watch')
  if (!certificate) return null
  const vault = inVault === null ? 'none' : inVault ? 'same' : 'another'
  const facts = [
    t(`vault.${vault}`),
    ...(protocol === null ? [] : [protocol]),
    ...(group === null ? [] : [keyExchange(group)]),
    t(hsts === null ? 'noHsts' : 'hsts'),
    t('addresses', { count: addresses.length }),
  ]
  return (
    <div className="wrap">
      {certificate.title} ({certificate.issuer}),{' '}
      <RelativeTime at={certificate.notAfter} say={(when) => t('ends', { when })} />
      <span className="dim"> · {facts.join(' · ')}</span>
    </div>
  )
}

/** Results that differed from the one before, newest first. */
function History({ history }: { history: readonly WatchResult[] }) {
  const { t } = useTranslation('watch')
  return (
    <details className={classes.history}>
      <summary className="text-xs">{t('history', { count: history.length })}</summary>
      <ol className="plain-list">
        {history.map((result) => (
          <li key={result.at} className="row-top gap-8">
            <VerdictIcon verdict={verdicts[result.state]} size={16} />
            <div className="wrap text-xs">
              <RelativeTime at={result.at} /> · {t(`state.${result.state}`)}
              {result.certificate ? ` · ${result.certificate.title}` : ''}
              {result.faults.map(({ sentence }) => ` · ${sentence}`).join('')}
            </div>
          </li>
        ))}
      </ol>
    </details>
  )
}
