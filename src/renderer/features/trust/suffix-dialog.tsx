import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './trust.module.css'

/** Asks for a suffix; the plan follows. */
export function SuffixDialog({
  typed,
  onClose,
  onChosen,
}: {
  typed: string
  onClose: () => void
  onChosen: (suffix: string) => void
}) {
  const { t } = useTranslation('trust')
  const [suffix, setSuffix] = useState(typed)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onChosen(suffix.trim())
  }
  return (
    <Modal opened onClose={onClose} title={t('suffix.title')} size="md" centered>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t('suffix.label')}
            placeholder={t('suffix.placeholder')}
            value={suffix}
            onChange={(event) => setSuffix(event.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
          />
          <p className={classes.text}>{t('suffix.text')}</p>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('plan.cancel')}
            </Button>
            <Button type="submit" disabled={suffix.trim() === ''}>
              {t('suffix.next')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
