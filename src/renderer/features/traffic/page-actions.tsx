import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { IconDots, IconDownload, IconEye, IconEyeOff, IconFileText, IconTrash } from '@tabler/icons-react'
import { memo, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asEdgekeepError } from '../../../client/client.ts'
import type { TrafficRow } from '../../../contract/traffic.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { saveBlob } from '../../ui/download.ts'
import { notifyDone } from '../../ui/notify.ts'

/** What is done with the list as a whole. */
export const PageActions = memo(function PageActions(props: {
  reveal: boolean
  onReveal: (reveal: boolean) => void
  /** Whether anything is listed, and what: asked for when it is wanted, because it changes all the time. */
  any: boolean
  listed: () => readonly TrafficRow[]
}) {
  const { t } = useTranslation('traffic')
  const client = useClient()
  const { reveal, onReveal, any, listed } = props
  const attempt = (act: Promise<void>) =>
    void act.catch((error: unknown) => notifyDone(asEdgekeepError(error).message))
  const save = async () => {
    const ids = listed()
      .filter(({ kind }) => kind === 'exchange')
      .map(({ id }) => id)
    saveBlob('edgekeep.har', await client.traffic.har({ reveal, ids }))
    notifyDone(t(reveal ? 'har.savedRevealed' : 'har.saved', { count: ids.length }))
  }
  const clear = async () => {
    await client.traffic.clear()
    notifyDone(t('clear.done'))
  }
  return (
    <>
      <Tooltip label={t('reveal.tip')} multiline w={280}>
        <Button
          variant={reveal ? 'light' : 'default'}
          color={reveal ? 'red' : undefined}
          aria-pressed={reveal}
          leftSection={reveal ? <IconEye size={15} /> : <IconEyeOff size={15} />}
          onClick={() => onReveal(!reveal)}
        >
          {t(reveal ? 'reveal.on' : 'reveal.off')}
        </Button>
      </Tooltip>
      <Button
        variant="default"
        leftSection={<IconDownload size={15} />}
        disabled={!any}
        onClick={() => attempt(save())}
      >
        {t('har.button')}
      </Button>
      <More onClear={() => attempt(clear())} />
    </>
  )
})

function More({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation('traffic')
  const [opened, setOpened] = useState(false)
  const { enabled, toggle } = useAccessLog(opened)
  return (
    <Menu position="bottom-end" opened={opened} onChange={setOpened} width={270}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('more')}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFileText size={15} />} disabled={enabled === null} onClick={toggle}>
          {t(enabled ? 'accessLog.stop' : 'accessLog.start')}
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={15} />} onClick={onClear}>
          {t('clear.button')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Whether the log is kept, asked for when the menu that says so opens; null until that is known. */
function useAccessLog(asked: boolean) {
  const { t } = useTranslation('traffic')
  const client = useClient()
  const [enabled, setEnabled] = useState<boolean | null>(null)
  useEffect(() => {
    if (!asked) return
    client.traffic.accessLog().then(
      (log) => setEnabled(log.enabled),
      () => setEnabled(null),
    )
  }, [asked, client])
  const toggle = () => {
    client.traffic.setAccessLog({ enabled: !enabled }).then(
      (log) => notifyDone(log.enabled ? t('accessLog.started', { file: log.file }) : t('accessLog.stopped')),
      (error: unknown) => notifyDone(asEdgekeepError(error).message),
    )
  }
  return { enabled, toggle }
}
