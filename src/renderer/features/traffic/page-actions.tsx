import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { memo, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrafficRow } from '../../../contract/traffic/traffic.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ActionButton, ActionItem } from '../../ui/actions/action-button.tsx'
import { useOffer } from '../../ui/actions/offers.ts'
import { ConfirmCall } from '../../ui/forms/dialog.tsx'
import { saveBlob } from '../../ui/primitives/download.ts'
import { notifyDone, notifyFailed } from '../../ui/feedback/feedback.tsx'
import { clearTraffic, keepAccessLog, revealSecrets, saveHar } from './actions.ts'

export const PageActions = memo(function PageActions(props: {
  reveal: boolean
  onReveal: (reveal: boolean) => void
  /** True if any row is listed. `listed` is a function because the rows change constantly. */
  any: boolean
  listed: () => readonly TrafficRow[]
}) {
  const { t } = useTranslation('traffic')
  const client = useClient()
  const { reveal, onReveal, any, listed } = props
  const save = async () => {
    const ids = listed()
      .filter(({ kind }) => kind === 'exchange')
      .map(({ id }) => id)
    saveBlob('edgekeep.har', await client.traffic.har({ reveal, ids }))
    notifyDone(t(reveal ? 'har.savedRevealed' : 'har.saved', { count: ids.length }))
  }
  const [isClearing, setIsClearing] = useState(false)
  return (
    <>
      <Tooltip label={t('reveal.tip')} multiline w={280}>
        <ActionButton
          action={revealSecrets}
          variant={reveal ? 'light' : 'default'}
          {...(reveal ? { color: 'red' } : {})}
          pressed={reveal}
          label={t(reveal ? 'reveal.on' : 'reveal.off')}
          act={() => onReveal(!reveal)}
        />
      </Tooltip>
      <ActionButton
        action={saveHar}
        variant="default"
        disabled={!any}
        act={() => void save().catch((error: unknown) => notifyFailed(t('har.failed'), error))}
      />
      <More onClear={() => setIsClearing(true)} />
      {isClearing ? <ClearDialog onClose={() => setIsClearing(false)} /> : null}
    </>
  )
})

function ClearDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('traffic')
  return (
    <ConfirmCall
      title={t('clear.title')}
      confirmLabel={t('clear.confirm')}
      act={(client) => client.traffic.clear()}
      done={t('clear.done')}
      onClose={onClose}
    >
      <p>{t('clear.text')}</p>
    </ConfirmCall>
  )
}

function More({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation('traffic')
  const [opened, setOpened] = useState(false)
  const { enabled, toggle } = useAccessLog()
  const log = useOffer(keepAccessLog, {
    label: t(enabled ? 'accessLog.stop' : 'accessLog.start'),
    disabled: enabled === null,
    act: toggle,
  })
  const clear = useOffer(clearTraffic, { act: onClear })
  return (
    <Menu position="bottom-end" opened={opened} onChange={setOpened} width={270}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('more')}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <ActionItem offered={log} />
        <ActionItem offered={clear} />
      </Menu.Dropdown>
    </Menu>
  )
}

/** State of the access log; null until known. */
function useAccessLog() {
  const { t } = useTranslation('traffic')
  const client = useClient()
  const [enabled, setEnabled] = useState<boolean | null>(null)
  useEffect(() => {
    client.traffic.accessLog().then(
      (log) => setEnabled(log.enabled),
      () => setEnabled(null),
    )
  }, [client])
  const toggle = () => {
    client.traffic.setAccessLog({ enabled: !enabled }).then(
      (log) => {
        setEnabled(log.enabled)
        notifyDone(log.enabled ? t('accessLog.started', { file: log.file }) : t('accessLog.stopped'))
      },
      (error: unknown) => notifyFailed(t('accessLog.failed'), error),
    )
  }
  return { enabled, toggle }
}
