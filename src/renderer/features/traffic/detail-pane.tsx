import { CloseButton } from '@mantine/core'
import { memo, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asEdgekeepError } from '../../../client/client.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { TrafficDetail } from '../../../contract/traffic/traffic.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import classes from './detail.module.css'
import { ExchangeDetailView } from './exchange-detail.tsx'
import { RefusedDetailView } from './refused-detail.tsx'

/** Details of one exchange or refused handshake. */
export const DetailPane = memo(function DetailPane(props: {
  id: number
  reveal: boolean
  onClose: () => void
}) {
  const { t } = useTranslation('traffic')
  const { detail, error } = useDetail(props.id, props.reveal)
  return (
    <aside
      className={classes.pane}
      aria-label={t('detail.label')}
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
