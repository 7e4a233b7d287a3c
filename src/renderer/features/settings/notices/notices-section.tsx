import { Group, Table } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NoticeChannel } from '../../../../contract/notices/notices.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { ErrorPanel, notifyDone, useCall } from '../../../ui/feedback/feedback.tsx'
import { ConfirmCall } from '../../../ui/forms/dialog.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { addNoticeChannel } from '../actions.ts'
import { NoticeDialog } from './notice-dialog.tsx'

/** Channels by which notices leave the program. Their secrets are sealed and never shown. */
export function NoticesSection({ locked }: { locked: boolean }) {
  const { t } = useTranslation('settings')
  const { channels, error, read } = useChannels()
  const [isAdding, setIsAdding] = useState(false)
  const [removing, setRemoving] = useState<NoticeChannel | null>(null)
  const close = () => {
    setIsAdding(false)
    setRemoving(null)
    read()
  }
  return (
    <Section
      title={t('notices.title')}
      description={t('notices.text')}
      aside={
        <ActionButton
          action={addNoticeChannel}
          variant="default"
          disabled={locked}
          act={() => setIsAdding(true)}
        />
      }
    >
      {channels?.length === 0 ? <p className="dim flush">{t('notices.none')}</p> : null}
      {channels && channels.length > 0 ? (
        <Table aria-label={t('notices.title')} verticalSpacing={6}>
          <Table.Tbody>
            {channels.map((channel) => (
              <ChannelRow
                key={channel.id}
                channel={channel}
                onTested={read}
                onRemove={() => setRemoving(channel)}
              />
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
      {error ? <ErrorPanel error={error} /> : null}
      {isAdding ? <NoticeDialog onClose={close} /> : null}
      {removing ? <RemoveDialog channel={removing} onClose={close} /> : null}
    </Section>
  )
}

function ChannelRow(props: { channel: NoticeChannel; onTested: () => void; onRemove: () => void }) {
  const { t } = useTranslation('settings')
  const { channel, onTested, onRemove } = props
  const { id, name, settings, place, last } = channel
  const testing = useCall()
  // The list has the reason of a notice that was not delivered.
  const failed = testing.error?.code === 'notice.not_sent' ? null : testing.error
  const test = async () => {
    const done = await testing.run((client) => client.notices.test({ reference: id }))
    if (done) notifyDone(done.sentence)
    onTested()
  }
  return (
    <Table.Tr>
      <Table.Td>
        <div className="strong">{name}</div>
        <div className="dim text-xs wrap">
          {t(`notices.kind.${settings.kind}`)} · {place}
        </div>
        <div aria-live="polite" className={last?.ok === false ? 'no text-xs wrap' : 'dim text-xs wrap'}>
          {last ? (
            <RelativeTime at={last.at} say={(when) => `${last.sentence} (${when})`} />
          ) : (
            t('notices.never')
          )}
        </div>
        {failed ? <ErrorPanel error={failed} /> : null}
      </Table.Td>
      <Table.Td align="right">
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <ChangeButton
            size="compact-xs"
            variant="default"
            loading={testing.busy}
            onClick={() => void test()}
          >
            {t('notices.test')}
          </ChangeButton>
          <ChangeButton size="compact-xs" variant="default" onClick={onRemove}>
            {t('notices.remove')}
          </ChangeButton>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function RemoveDialog({ channel: { id, name }, onClose }: { channel: NoticeChannel; onClose: () => void }) {
  const { t } = useTranslation('settings')
  return (
    <ConfirmCall
      title={t('notices.removeTitle', { name })}
      confirmLabel={t('notices.remove')}
      act={(client) => client.notices.remove({ reference: id })}
      done={t('notices.removed', { name })}
      onClose={onClose}
    >
      <p>{t('notices.removeText')}</p>
    </ConfirmCall>
  )
}

function useChannels() {
  const client = useClient()
  const { run, error } = useCall()
  const [channels, setChannels] = useState<NoticeChannel[] | null>(null)
  const read = useCallback(
    () => void run(() => client.notices.list()).then((answer) => answer && setChannels(answer)),
    [client, run],
  )
  useEffect(read, [read])
  return { channels, error, read }
}
