import { keyExchange } from '../../../domain/key-exchange.ts'
import { CopyButton } from '@mantine/core'
import { IconAlertCircle, IconEyeOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ExchangeDetail, HelloFacts } from '../../../contract/traffic/traffic.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { absoluteTime } from '../../ui/primitives/time.tsx'
import { copyCurl, replayExchange } from './actions.ts'
import { formatDuration } from '../../../domain/duration-text.ts'
import { bothNames, readableText, readableUrl } from '../../../contract/text/readable-name.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { curlLine } from './curl.ts'
import classes from './detail.module.css'
import { stretchesOf } from './timeline.ts'
import { Note } from '../../ui/primitives/note.tsx'

export function ExchangeDetailView({ exchange }: { exchange: ExchangeDetail }) {
  const { t } = useTranslation('traffic')
  const { method, url, status, error } = exchange
  return (
    <>
      <h2 className={classes.title}>
        <span className={classes.code} data-bad={status === null || status >= 400 || undefined}>
          {status ?? t('row.noAnswer')}
        </span>{' '}
        {method}{' '}
        <span className={classes.address}>{url === '' ? t('row.unreadable') : readableUrl(url)}</span>
      </h2>
      {error === null ? null : (
        <Note tone="no" className="below-10">
          <IconAlertCircle size={16} stroke={1.8} aria-hidden /> <span>{readableText(error)}</span>
        </Note>
      )}
      <Actions exchange={exchange} />
      <TimelineView exchange={exchange} />
      <ExchangeFacts exchange={exchange} />
      <TlsFacts exchange={exchange} />
      <FieldTable title={t('fields.request')} fields={exchange.request} />
      <FieldTable title={t('fields.response')} fields={exchange.response} />
    </>
  )
}

function Actions({ exchange }: { exchange: ExchangeDetail }) {
  const { t } = useTranslation(['traffic', 'ui'])
  const { busy, error, run } = useCall()
  const replay = async () => {
    const answer = await run((client) => client.traffic.replay({ id: exchange.id }))
    if (answer) notifyDone(t('replay.done', { status: answer.status, took: formatDuration(answer.tookMs) }))
  }
  return (
    <>
      <div className={classes.actions}>
        {exchange.url === '' ? null : (
          <CopyButton value={curlLine(exchange)} timeout={1500}>
            {({ copied, copy }) => (
              <ActionButton
                action={copyCurl}
                variant="default"
                label={t(copied ? 'ui:copy.done' : 'curl.button')}
                act={copy}
              />
            )}
          </CopyButton>
        )}
        {exchange.replayable ? (
          <ActionButton action={replayExchange} variant="default" busy={busy} act={() => void replay()} />
        ) : null}
      </div>
      {error ? <ErrorPanel error={error} /> : null}
    </>
  )
}

function ExchangeFacts({ exchange }: { exchange: ExchangeDetail }) {
  const { t, i18n } = useTranslation('traffic')
  const { upstream, redirectedTo } = exchange
  return (
    <section className="below-16" aria-label={t('facts.title')}>
      <h3 className="heading">{t('facts.title')}</h3>
      <FactList>
        <Fact term={t('facts.at')}>{absoluteTime(exchange.at, i18n.language)}</Fact>
        <Fact term={t('facts.domain')}>
          {exchange.domain === null ? t('facts.noDomain') : bothNames(exchange.domain)}
        </Fact>
        <Fact term={t('facts.client')}>{exchange.clientAddress}</Fact>
        <Fact term={t('facts.protocol')}>{exchange.protocol}</Fact>
        {upstream ? (
          <Fact term={t('facts.origin')}>
            {upstream.address} <span className="dim flush">{t(`facts.${wayTo(upstream)}`)}</span>
          </Fact>
        ) : null}
        {redirectedTo === null ? null : <Fact term={t('facts.redirected')}>{readableUrl(redirectedTo)}</Fact>}
        <Fact term={t('facts.sizes')}>
          {t('facts.sizesValue', {
            sent: formatSize(exchange.requestBytes),
            received: formatSize(exchange.responseBytes),
          })}
        </Fact>
      </FactList>
    </section>
  )
}

function wayTo({ reused }: { reused: boolean | null }): 'folder' | 'reused' | 'opened' {
  if (reused === null) return 'folder'
  return reused ? 'reused' : 'opened'
}

function TlsFacts({ exchange: { tls } }: { exchange: ExchangeDetail }) {
  const { t } = useTranslation('traffic')
  if (!tls) return null
  return (
    <section className="below-16" aria-label={t('tls.title')}>
      <h3 className="heading">{t('tls.title')}</h3>
      <FactList>
        <Fact term={t('tls.version')}>{tls.version.replace('TLSv', 'TLS ')}</Fact>
        <Fact term={t('tls.cipher')} mono>
          {tls.cipher}
        </Fact>
        {tls.group === null ? null : <Fact term={t('tls.group')}>{keyExchange(tls.group)}</Fact>}
        <Fact term={t('tls.serverName')}>
          {tls.serverName === null ? t('row.noName') : bothNames(tls.serverName)}
        </Fact>
        <Fact term={t('tls.alpn')}>{tls.alpn ?? t('tls.noAlpn')}</Fact>
        <Fact term={t('tls.session')}>{t(tls.resumed ? 'tls.resumed' : 'tls.full')}</Fact>
        {tls.hello ? <HelloFactRows hello={tls.hello} /> : null}
      </FactList>
    </section>
  )
}

/** Header fields in order of arrival; masked values are marked. */
function FieldTable({ title, fields }: { title: string; fields: ExchangeDetail['request'] }) {
  const { t } = useTranslation('traffic')
  return (
    <section className="below-16" aria-label={title}>
      <h3 className="heading">{title}</h3>
      {fields === null ? <p className="dim flush">{t('fields.notSeen')}</p> : null}
      {fields?.fields.length === 0 ? <p className="dim flush">{t('fields.none')}</p> : null}
      <dl className="flush stack">
        {(fields?.fields ?? []).map(({ name, value, masked }, at) => (
          <div key={at} className={classes.field}>
            <dt>{name}</dt>
            <dd>
              {value}
              {masked ? (
                <IconEyeOff
                  size={12}
                  stroke={1.8}
                  className={classes.masked}
                  aria-label={t('fields.masked')}
                />
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      {fields?.cut ? <p className="dim flush">{t('fields.cut')}</p> : null}
    </section>
  )
}

function TimelineView({ exchange }: { exchange: ExchangeDetail }) {
  const { t } = useTranslation('traffic')
  const stretches = stretchesOf(exchange)
  return (
    <section className="below-16" aria-label={t('timeline.title')}>
      <h3 className="heading">
        {t('timeline.title')}{' '}
        <span className={classes.total}>{formatDuration(exchange.timings.totalMs)}</span>
      </h3>
      {stretches.length === 0 ? <p className="dim flush">{t('timeline.byEdge')}</p> : null}
      <ol className="plain-list stack gap-4">
        {stretches.map(({ phase, ms, from, length }) => (
          <li key={phase} className={classes.stretch}>
            <span className="dim">{t(`timeline.${phase}`)}</span>
            <span className={classes.track} aria-hidden>
              <span
                className={classes.bar}
                data-phase={phase}
                style={{ left: `${from * 100}%`, width: `max(2px, ${length * 100}%)` }}
              />
            </span>
            <span className={classes.ms}>{formatDuration(ms)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

export function HelloFactRows({ hello }: { hello: HelloFacts }) {
  const { t } = useTranslation('traffic')
  return (
    <>
      <Fact term={t('hello.versions')}>{hello.versions.join(', ')}</Fact>
      <Fact term={t('hello.alpn')}>{hello.alpn.join(', ') || t('tls.noAlpn')}</Fact>
      <Fact term={t('hello.groups')} mono>
        {hello.groups.join(', ')}
      </Fact>
      <Fact term={t('hello.ja4')} copy={hello.ja4} mono />
    </>
  )
}
