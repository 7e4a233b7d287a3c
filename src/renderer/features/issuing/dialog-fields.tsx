import { Button, Group, Select, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { keyKinds, type KeyKind } from '../../../contract/issuing.ts'
import { ChangeButton } from '../../ui/change-button.tsx'

/** The names of a certificate, as they are typed. */
export function NamesField({
  description,
  value,
  onChange,
}: {
  description?: string
  value: string
  onChange: (names: string) => void
}) {
  const { t } = useTranslation('issuing')
  return (
    <Textarea
      label={t('issue.names')}
      description={description}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      autosize
      minRows={2}
      data-autofocus
    />
  )
}

export function KeyField({ value, onChange }: { value: KeyKind; onChange: (key: KeyKind) => void }) {
  const { t } = useTranslation('issuing')
  return (
    <Select
      label={t('issue.key')}
      data={keyKinds.map((kind) => ({ value: kind, label: t(`key.${kind}`) }))}
      value={value}
      onChange={(chosen) => onChange(keyKinds.find((each) => each === chosen) ?? 'p256')}
      allowDeselect={false}
    />
  )
}

export function DialogButtons({
  label,
  isBusy,
  onClose,
}: {
  label: string
  isBusy: boolean
  onClose: () => void
}) {
  const { t } = useTranslation('issuing')
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onClose}>
        {t('cancel')}
      </Button>
      <ChangeButton type="submit" loading={isBusy}>
        {label}
      </ChangeButton>
    </Group>
  )
}

/** Names as a person types them: by lines, spaces or commas. */
export function namesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '')
}
