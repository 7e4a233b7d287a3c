import { Group } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Watch } from '../../../../contract/watch/watch.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { EmptyState, ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { ConfirmCall } from '../../../ui/forms/dialog.tsx'
import { BackLink, PageLayout, Section } from '../../../ui/primitives/page-layout.tsx'
import { checkServers, watchServers } from '../actions.ts'
import { listPath } from '../paths.ts'
import { AddWatchDialog } from './add-watch-dialog.tsx'
import { addressOf, removeWatch, useWatches } from './use-watches.ts'
import { WatchRow } from './watch-row.tsx'

/** Public servers that are asked at intervals what they serve, compared with the vault. */
export function WatchPage() {
  const { t } = useTranslation(['watch', 'app'])
  const { watches, call, read, check, asking } = useWatches()
  const [isAdding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Watch | null>(null)
  const isBusy = asking !== undefined
  const add = <ActionButton action={watchServers} act={() => setAdding(true)} />
  const isEmpty = watches?.length === 0
  return (
    <PageLayout
      title={t('title')}
      description={t('description')}
      back={<BackLink href={listPath}>{t('app:sections.certificates')}</BackLink>}
      actions={
        isEmpty ? null : (
          <Group gap="xs">
            <ActionButton
              action={checkServers}
              variant="default"
              busy={asking === null}
              disabled={isBusy || !watches}
              act={() => void check()}
            />
            {add}
          </Group>
        )
      }
    >
      {call.error ? <ErrorPanel error={call.error} title={t('failed')} /> : null}
      {watches === null && !call.error ? <LoadingRows rows={4} height={56} /> : null}
      {isEmpty ? (
        <EmptyState
          icon={<IconEye size={28} stroke={1.5} />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={add}
        />
      ) : null}
      {watches && !isEmpty ? (
        <Section title={t('list.title', { count: watches.length })} description={summaryOf(watches, t)}>
          <ul className="plain-list">
            {watches.map((watch) => (
              <WatchRow
                key={addressOf(watch)}
                watch={watch}
                busy={asking === addressOf(watch)}
                disabled={isBusy}
                onCheck={() => void check([{ host: watch.host, port: watch.port }])}
                onRemove={() => setRemoving(watch)}
              />
            ))}
          </ul>
        </Section>
      ) : null}
      {isAdding ? (
        <AddWatchDialog
          onClose={() => {
            setAdding(false)
            void read()
          }}
        />
      ) : null}
      {removing ? (
        <ConfirmCall
          title={t('remove.title', { server: addressOf(removing) })}
          confirmLabel={t('remove.do')}
          act={(client) => removeWatch(client, removing)}
          done={t('remove.done', { server: addressOf(removing) })}
          onClose={() => {
            setRemoving(null)
            void read()
          }}
        >
          <p className="flush">{t('remove.text')}</p>
        </ConfirmCall>
      ) : null}
    </PageLayout>
  )
}

type Translate = ReturnType<typeof useTranslation<['watch', 'app']>>['t']

/** Counts by state; offline is no alarm. */
function summaryOf(watches: readonly Watch[], t: Translate): string {
  const countOf = (state: 'ok' | 'fault' | 'offline') =>
    watches.filter(({ last }) => last?.state === state).length
  const pending = watches.filter(({ last }) => last === null).length
  const counts = [
    ...(['fault', 'ok', 'offline'] as const).map((state) => ({
      text: t(`count.${state}`, { count: countOf(state) }),
      count: countOf(state),
    })),
    { text: t('count.pending', { count: pending }), count: pending },
  ]
  return counts
    .filter(({ count }) => count > 0)
    .map(({ text }) => text)
    .join(' · ')
}
