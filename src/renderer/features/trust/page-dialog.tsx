import { Button, Group, Modal, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../engine/engine-context.tsx'
import { CopyIcon } from '../../ui/copy-icon.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/states.tsx'
import { useCall } from '../../ui/use-call.ts'
import classes from './trust.module.css'

/** A page for a browser that is open already, and what came of it. */
export function PageDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('trust')
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [address, setAddress] = useState<string | null>(null)
  const [sentence, setSentence] = useState<string | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    void run(async () => {
      try {
        for await (const event of await client.trust.provePage(undefined, { signal: controller.signal })) {
          if (event.type === 'page') setAddress(event.address)
          else setSentence(event.sentence)
        }
      } catch (error) {
        if (!controller.signal.aborted) throw error
      }
    })
    return () => controller.abort()
  }, [client, run])
  return (
    <Modal opened onClose={onClose} title={t('page.title')} size="lg" centered>
      <Stack gap="md">
        <p className={classes.text}>{t('page.text')}</p>
        {call.error ? <ErrorPanel error={call.error} /> : null}
        {address || call.error ? null : <LoadingRows rows={1} />}
        {address && sentence === null ? (
          <Group gap="xs" wrap="nowrap">
            <a href={address} target="_blank" rel="noreferrer" className={classes.address}>
              {address}
            </a>
            <CopyIcon value={address} label={t('page.address')} />
          </Group>
        ) : null}
        <p role="status" className={classes.text}>
          {sentence ?? (address ? t('page.waiting') : '')}
        </p>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t(sentence === null ? 'plan.cancel' : 'plan.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
