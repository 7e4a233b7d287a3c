import { Button, FileButton, Modal, Select, Stack, Textarea } from '@mantine/core'
import { IconFileText } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorPanel, notifyDone, useCall } from '../../../ui/feedback/feedback.tsx'
import { CancelButton, DialogFoot, SubmitForm } from '../../../ui/forms/dialog.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { intervalText } from './interval-text.ts'
import { addWatches, serversIn } from './use-watches.ts'

const intervals = [10, 60, 360, 720, 1440, 10_080]
const mostCharacters = 200_000

/** Names to watch, one a line or from a file, and how often they are asked. */
export function AddWatchDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('watch')
  const call = useCall()
  const [text, setText] = useState('')
  const [everyMinutes, setEveryMinutes] = useState(360)
  const { servers, wrong } = serversIn(text)
  const reason =
    wrong.length > 0
      ? t('add.wrong', { lines: wrong.slice(0, 3).join(', ') })
      : servers.length === 0
        ? t('add.none')
        : null
  const submit = async () => {
    const added = await call.run((client) => addWatches(client, { servers, everyMinutes }))
    if (!added) return
    notifyDone(t('add.done', { count: added.length }))
    onClose()
  }
  const fill = async (file: File | null) => {
    if (file) setText((await file.slice(0, mostCharacters).text()).trim())
  }
  return (
    <Modal opened onClose={onClose} title={t('add.title')} size="lg" centered>
      <SubmitForm onSubmit={submit}>
        <Stack gap="md">
          <Textarea
            label={t('add.servers')}
            description={t('add.serversText')}
            placeholder={'shop.example\nmail.example:8443'}
            autosize
            minRows={4}
            maxRows={14}
            maxLength={mostCharacters}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div>
            <FileButton accept=".txt,.csv,text/plain" onChange={(file) => void fill(file)}>
              {(props) => (
                <Button {...props} variant="default" size="xs" leftSection={<IconFileText size={15} />}>
                  {t('add.file')}
                </Button>
              )}
            </FileButton>
          </div>
          <Select
            label={t('add.every')}
            description={t('add.everyText')}
            allowDeselect={false}
            value={`${everyMinutes}`}
            onChange={(value) => setEveryMinutes(intervals.find((each) => `${each}` === value) ?? 360)}
            data={intervals.map((minutes) => ({
              value: `${minutes}`,
              label: intervalText(minutes, t),
            }))}
          />
          {call.error ? <ErrorPanel error={call.error} /> : null}
          <DialogFoot reason={reason}>
            <CancelButton onClick={onClose} />
            <ChangeButton type="submit" loading={call.busy} disabled={reason !== null}>
              {t('add.do', { count: servers.length })}
            </ChangeButton>
          </DialogFoot>
        </Stack>
      </SubmitForm>
    </Modal>
  )
}
