import type { ReactNode } from 'react'
import { ErrorPanel, type Call } from '../../ui/feedback/feedback.tsx'
import { Select, Textarea, Modal, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { keyKinds, type KeyKind } from '../../../contract/issuing/issuing.ts'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { CancelButton, DialogFoot, SubmitForm } from '../../ui/forms/dialog.tsx'

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
      label={t('issued.names')}
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
      label={t('issued.key')}
      data={keyKinds.map((kind) => ({ value: kind, label: t(`key.${kind}`) }))}
      value={value}
      onChange={(chosen) => onChange(keyKinds.find((each) => each === chosen) ?? 'p256')}
      allowDeselect={false}
    />
  )
}

/** `missing`: sentence about required input that keeps the button disabled. */
export function DialogButtons({
  label,
  isBusy,
  missing,
  onClose,
}: {
  label: string
  isBusy: boolean
  missing?: string | null
  onClose: () => void
}) {
  return (
    <DialogFoot reason={missing}>
      <CancelButton onClick={onClose} />
      <ChangeButton type="submit" loading={isBusy} disabled={typeof missing === 'string'}>
        {label}
      </ChangeButton>
    </DialogFoot>
  )
}

/** Form in a dialog of its own, with the error of its call and its buttons. */
export function FormDialog(props: {
  title: string
  size: 'md' | 'lg'
  submitLabel: string
  call: Call
  missing?: string | null
  onSubmit: () => unknown
  onClose: () => void
  children: ReactNode
}) {
  const { title, size, submitLabel, call, missing, onSubmit, onClose } = props
  return (
    <Modal opened onClose={onClose} title={title} size={size}>
      <SubmitForm onSubmit={onSubmit}>
        <Stack gap="md">
          {props.children}
          {call.error ? <ErrorPanel error={call.error} /> : null}
          <DialogButtons label={submitLabel} isBusy={call.busy} missing={missing ?? null} onClose={onClose} />
        </Stack>
      </SubmitForm>
    </Modal>
  )
}

/** Splits input at line breaks, spaces and commas. */
export function namesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '')
}
