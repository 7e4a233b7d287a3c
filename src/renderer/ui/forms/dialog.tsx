import { Button, type ButtonProps, Group, Modal, Stack } from '@mantine/core'
import type { ReactNode, ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { EngineButton } from '../primitives/change-controls.tsx'
import classes from './forms.module.css'
import { type Call, ErrorPanel } from '../feedback/feedback.tsx'

/** Confirms an act that loses something; `children` names the loss. Stays open if the act fails. */
export function ConfirmDialog(props: {
  opened: boolean
  title: string
  confirmLabel: string
  call: Call
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
  tone?: 'danger' | 'plain'
  /** Disables the confirm button while required input is missing. */
  isIncomplete?: boolean
}) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} centered size="md">
      <Stack gap="md">
        <div className={classes.body}>{props.children}</div>
        {props.call.error ? <ErrorPanel error={props.call.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <CancelButton onClick={props.onClose} data-autofocus />
          <EngineButton
            color={props.tone === 'plain' ? undefined : 'red'}
            loading={props.call.busy}
            disabled={props.isIncomplete ?? false}
            onClick={props.onConfirm}
          >
            {props.confirmLabel}
          </EngineButton>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Sticky footer of a dialog; `reason` explains why its last button is disabled. */
export function DialogFoot({
  reason,
  children,
}: {
  reason?: string | null | undefined
  children: ReactNode
}) {
  return (
    <div className={classes.foot}>
      <span className="dim text-xs pretty fill" role="status">
        {reason}
      </span>
      {children}
    </div>
  )
}

/** Leaves a dialog or form without its change. */
export function CancelButton(props: Pick<ButtonProps, 'size'> & { onClick: () => void }) {
  const { t } = useTranslation('ui')
  return (
    <Button variant="default" {...props}>
      {t('confirm.cancel')}
    </Button>
  )
}

/** Form whose submission calls `onSubmit` and never navigates. */
export function SubmitForm({
  onSubmit,
  ...rest
}: Omit<ComponentProps<'form'>, 'onSubmit'> & { onSubmit: () => unknown }) {
  return (
    <form
      {...rest}
      onSubmit={(event) => {
        event.preventDefault()
        void onSubmit()
      }}
    />
  )
}
