import { CloseButton } from '@mantine/core'
import { memo, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asEdgekeepError } from '../../../client/client.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { TrafficDetail, refusedDetailSchema } from '../../../contract/traffic/traffic.ts'
import { bothNames, readableText } from '../../../contract/text/readable-name.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import classes from './detail.module.css'
import { ExchangeDetailView, HelloFactRows } from './exchange-detail.tsx'
import { IconBan } from '@tabler/icons-react'
import type { z } from 'zod'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { absoluteTime } from '../../ui/primitives/time.tsx'
import { Note } from '../../ui/primitives/note.tsx'

/** Details of one exchange or refused handshake. */
export const DetailPane = memo(function DetailPane(props: {
  id: number
  reveal: boolean
  onClose: () => void
}) {
  const { t } = useTranslation(['traffic', 'ui'])
  const { detail, error } = useDetail(props.id, props.reveal)
  return (
    <aside
      className={classes.pane}
      aria-label={t('ui:error.details')}
      onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
    >
      <CloseButton
        className={classes.close}
        size="sm"
        aria-label={t('detail.close')}
        onClick={props.onClose}
      />
      {error ? <ErrorPanel error={error} /> : null}
      {!detail && !error ? <LoadingRows rows={6} height={40} /> : null}
      {detail?.kind === 'exchange' ? <ExchangeDetailView exchange={detail} /> : null}
      {detail?.kind === 'refused' ? <RefusedDetailView refused={detail} /> : null}
    </aside>
  )
})

function useDetail(id: number, reveal: boolean) {
  const client = useClient()
  const [state, setState] = useState<{ detail: TrafficDetail | null; error: EdgekeepError | null }>({
    detail: null,
    error: null,
  })
  useEffect(() => {
    let current = true
    client.traffic.get({ id, reveal }).then(
      (detail) => current && setState({ detail, error: null }),
      (error: unknown) => current && setState({ detail: null, error: asEdgekeepError(error) }),
    )
    return () => {
      current = false
    }
  }, [client, id, reveal])
  return state
}

function RefusedDetailView({ refused }: { refused: z.infer<typeof refusedDetailSchema> }) {
  const { t, i18n } = useTranslation('traffic')
  const { hello } = refused
  return (
    <>
      <h2 className={classes.title}>
        <span className={classes.code} data-bad>
          {t('row.refused')}
        </span>{' '}
        TLS <span className={classes.address}>{readableText(refused.serverName ?? t('row.noName'))}</span>
      </h2>
      <Note tone="no" className="below-10">
        <IconBan size={16} stroke={1.8} aria-hidden /> <span>{readableText(refused.reason)}</span>
      </Note>
      <section className="below-16" aria-label={t('facts.title')}>
        <h3 className="heading">{t('facts.title')}</h3>
        <FactList>
          <Fact term={t('facts.at')}>{absoluteTime(refused.at, i18n.language)}</Fact>
          <Fact term={t('facts.client')}>{refused.clientAddress}</Fact>
          <Fact term={t('tls.serverName')}>
            {refused.serverName === null ? t('row.noName') : bothNames(refused.serverName)}
          </Fact>
        </FactList>
      </section>
      {hello ? (
        <section className="below-16" aria-label={t('hello.title')}>
          <h3 className="heading">{t('hello.title')}</h3>
          <FactList>
            <HelloFactRows hello={hello} />
          </FactList>
        </section>
      ) : null}
    </>
  )
}
